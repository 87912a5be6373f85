"""How long things are kept: the rules, the night's run, holds, and a person's rights.

Each app brings its own rules (`HouseConfig.retention`). Begin with `registry.py`; what
the counter itself brings is in `own_rules.py`, the run in `running.py`.
"""
