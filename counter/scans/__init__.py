"""What a document reader types: machine-readable zones, wherever they land.

Read with the rules of identity; a scan over a begun form asks people who that is.
Begin with mrz.py.
"""
