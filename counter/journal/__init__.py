"""Who did what, written once and sealed in a chain.

Ground: of other rooms it asks only whether a clerk may serve this person
(counter.people.kinship). Begin with journal.py; events.py lists what it can say and
kinds.py in which groups, entry_details.py what an entry keeps and how it reads,
recorded_models.py writes what supervisors change; marks.py and verifying.py show which
row was altered.
"""
