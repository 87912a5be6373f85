"""Statistics of an office by month, which tell nothing about a person.

Begin with year.py. Each app registers what it counts in its contribution to the desk
(`counter.desk.registry.Contribution.breakdowns`).
"""
