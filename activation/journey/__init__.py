"""The applicant's way from the mailed link to an active key.

Begin with visit.py (what the session knows), then views/link.py.
"""
