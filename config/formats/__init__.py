"""Formats of dates, times and prices, where Django's differ from Belgian usage.

`settings.FORMAT_MODULE_PATH` names this package. TIME_FORMAT is for every time of day
that an applicant reads: half past four is 16.30, 16h30 or 16:30. WEEKDAY_FORMAT is a
format of our own: a date with its weekday and without its year.
"""
