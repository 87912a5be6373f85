"""Whole weeks of a city or of the country in fast motion: `make bench ONLY=year`.

Who comes and what becomes of each is drawn by lot, the same each time. Everything goes
through the services that the screens call and the tasks that the schedule wakes; only
the machine's clock is moved. The database's own clock is not: it dates the journal's
entries and leases the mails. Begin at `days.py`; what must add up is in `sums.py`.
"""
