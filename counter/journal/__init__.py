"""Who did what, written once and sealed in a chain.

Ground: imports crypto and the models. Begin with journal.py; events.py lists what it
can say, entry_details.py what an entry keeps and how it reads,
recorded_models.py writes what supervisors change.
"""
