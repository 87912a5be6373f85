"""The city's own sign-on for staff: OpenID Connect instead of the password.

It works only when it is configured (docs/city-sign-on.md). Begin with provider.py, then
views/sign_in.py.
"""
