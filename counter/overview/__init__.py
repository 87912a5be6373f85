"""The supervisor's start page: what happened, what waits, and what is to come.

Each app brings its own numbers in its contribution to the desk
(`counter.desk.registry.Contribution.overview`); begin with page.py.
"""
