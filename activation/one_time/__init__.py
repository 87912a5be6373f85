"""Six digits that show that a message arrives, or that an app is set up.

Begin with one_time.py; key_kinds.py says of each kind of key how they come.
"""
