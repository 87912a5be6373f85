"""Who did what, written once and sealed in a chain.

Ground: of other rooms it asks only whether a clerk may serve this person
(counter.people.kinship). Begin with journal.py; events.py lists what it can say,
entry_details.py what an entry keeps and how it reads, recorded_models.py writes what
supervisors change.
"""
