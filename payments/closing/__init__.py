"""The day's close, the export to the accounting, and the takings over time.

Begin with day.py.
"""
