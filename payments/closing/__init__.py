"""The close of a day, the export to the accounting, and the report of the takings.

Begin with day.py.
"""
