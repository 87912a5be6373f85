"""The admin of colleagues' accounts: role, invitation, sessions and second factor.

Begin with clerks.py.
"""
