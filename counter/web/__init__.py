"""What every page of the counter shares: middleware, fields, addresses.

Its middleware asks the other rooms what stops a request: a locked screen, a draft to
keep, family. Begin with middleware.py.
"""
