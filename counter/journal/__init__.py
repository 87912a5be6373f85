"""Who did what, written once and sealed in a chain.

Ground: imports crypto and the models. Begin with journal.py; events.py lists what it
can say, recorded_models.py writes what supervisors change.
"""
