"""Retention: the rules of how long data are kept, the nightly removal, legal holds.

Each app has its own rules (`HouseConfig.retention`). Begin with `registry.py`; the
rules of this app are in `own_rules.py`, the nightly run is in `running.py`.
"""
