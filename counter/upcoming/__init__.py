"""What comes by itself until a date: `manage.py clock`.

Each app says in its `apps.py` what comes of it (`HouseConfig.upcoming`), counted by the
same querysets as its tasks take their rows from. Begin with table.py.
"""
