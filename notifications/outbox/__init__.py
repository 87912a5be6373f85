"""The outbox: rows of messages to send, each claimed by one sender at a time.

Begin with outbox.py, then delivering.py.
"""
