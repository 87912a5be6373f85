"""The desk's first page: the search field, the day's figures, and turning people away.

Begin with dashboard.py.
"""
