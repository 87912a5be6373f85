"""Accounts of colleagues: who they are, their role, invitations and sessions.

Begin with clerks.py.
"""
