"""How long things are kept: the rules, the night's run, and holds.

Each app brings its own rules (`HouseConfig.retention`). Begin with `registry.py`; what
the counter itself brings is in `own_rules.py`, the run in `running.py`.
"""
