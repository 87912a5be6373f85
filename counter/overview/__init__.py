"""The supervisor's start page: what happened, what waits, and what is to come.

Each app registers its own numbers in its contribution to the desk
(`counter.desk.registry.Contribution.overview`). Begin with page.py.
"""
