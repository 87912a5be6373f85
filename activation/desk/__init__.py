"""What a clerk does for codes and keys: pay and issue, print again, put right, revoke.

Begin with views/issuing.py.
"""
