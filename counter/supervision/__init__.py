"""The supervisor's side: one admin site, and what every admin in it obeys.

The admins themselves are in each app's admin. Begin with site.py, then house_admin.py.
"""
