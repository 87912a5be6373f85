"""E-mail addresses: how they are written, slips in them, whose they are.

Begin with mail_syntax.py, then typo_check.py.
"""
