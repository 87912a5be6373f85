"""How long codes, accounts and keys are kept, and how a person's data are removed.

Begin with `rules.py`, which counter.retention runs.
"""
