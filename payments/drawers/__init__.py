"""A clerk's drawer, from its float to the supervisor's signature.

Begin with drawers.py.
"""
