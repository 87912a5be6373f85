"""E-mail addresses: their syntax, probable typing errors, and uniqueness.

Begin with mail_syntax.py, then typo_check.py.
"""
