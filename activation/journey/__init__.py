"""The applicant's pages, from the mailed link to an active key.

Begin with visit.py (what the session stores), then views/link.py.
"""
