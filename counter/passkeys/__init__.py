"""Passkeys of staff: a key of the own device in place of the app's digits.

They stand on the second factor of counter.sign_in, which stays in reach. Begin with
keeping.py.
"""
