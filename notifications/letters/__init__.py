"""From an outbox row to the text that a person reads, made when it is sent.

Begin with rendering.py.
"""
