"""The supervisors' admin: the admin site, and the base class of all its admins.

The admins themselves are in each app's admin. Begin with site.py, then house_admin.py.
"""
