"""The channels, a mail server and a text message gateway, and what their answers mean.

Begin with channels.py.
"""
