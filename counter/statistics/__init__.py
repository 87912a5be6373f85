"""Counts of an office by month, without anybody in them.

Begin with year.py. Each app brings what it counts in its contribution to the desk
(`counter.desk.registry.Contribution.breakdowns`).
"""
