"""Rows of what has to be sent, claimed by one sender at a time, and settled.

Begin with outbox.py, then delivering.py.
"""
