"""The prices of an activation code, and the days from which they are valid.

The rows are payments.models.tariffs, the supervisor's pages payments.admin.tariffs.
Begin with timetable.py.
"""
