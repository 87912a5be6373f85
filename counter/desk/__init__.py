"""The desk's first page: one field to start from, the day, who is sent elsewhere.

Begin with dashboard.py.
"""
