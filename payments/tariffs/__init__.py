"""What an activation code costs, from which day.

The rows are payments.models.tariffs, the supervisor's pages payments.admin.tariffs.
Begin with timetable.py.
"""
