"""Staff accounts: access to pages, passwords by mail, and approval by a second person.

Begin with access.py.
"""
