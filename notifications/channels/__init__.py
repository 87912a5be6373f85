"""The ways out: a mail server, a text message gateway, and what they answer.

Begin with channels.py.
"""
