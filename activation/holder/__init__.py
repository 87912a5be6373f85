"""The account of a key holder: signing in, keys, password, recovery.

Begin with signing_in.py.
"""
