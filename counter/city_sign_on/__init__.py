"""The city's own sign-on for staff: OpenID Connect in place of the password.

There only where it is set up (docs/city-sign-on.md). Begin with provider.py, then
views/sign_in.py.
"""
