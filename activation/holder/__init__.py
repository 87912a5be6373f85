"""The key holder's own account: signing in, keys, password, recovery.

Begin with signing_in.py.
"""
