"""A clerk's drawer, from the first count of its float to the supervisor's approval.

Begin with drawers.py.
"""
