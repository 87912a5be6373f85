"""How days, times and prices are written, where Django's own differ from Belgium's.

`settings.FORMAT_MODULE_PATH` names this package. TIME_FORMAT is for every time of day
that an applicant reads: half past four is 16.30, 16h30 or 16:30. WEEKDAY_FORMAT, a day
with its weekday and without its year, is a format of our own.
"""
