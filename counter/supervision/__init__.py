"""The supervisor's side: one admin site, and what every admin in it obeys.

The admins themselves are in each app's `admin/`, a module a noun. Begin with site.py.
"""
