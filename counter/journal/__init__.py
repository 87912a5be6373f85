"""The audit log: who did what; append-only, and sealed in a hash chain.

Many rooms depend on this one. It asks others only whether a clerk may serve a person
(counter.people.kinship). Begin with journal.py. events.py has all events, kinds.py
groups them, entry_details.py says what an entry stores and how it is shown,
recorded_models.py records changes of accounts and settings, and marks.py and
verifying.py find rows that were altered.
"""
