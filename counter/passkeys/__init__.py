"""Passkeys of staff, as a second factor instead of the digits of the app.

A passkey needs an app that is set up (counter.sign_in), and the app's digits can always
be used instead. Begin with keeping.py.
"""
