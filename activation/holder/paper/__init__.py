"""Ten recovery codes on paper, for a holder without a key at hand.

Begin with recovery_codes.py.
"""
