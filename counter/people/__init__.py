"""Known persons: who has a national number, and whether the clerk is their family.

The desk tells both before a clerk begins an act.

Begin with person.py.
"""
