"""How long codes, accounts and keys are kept, and what goes with a person.

Begin with `rules.py`; counter.retention runs them.
"""
