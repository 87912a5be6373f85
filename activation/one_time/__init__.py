"""Six digits that prove that a message arrives, or that an app is set up.

Begin with one_time.py; key_kinds.py says for each kind of key how the digits come.
"""
