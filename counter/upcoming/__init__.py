"""Lists what tasks will do by themselves until a date, for `manage.py clock`.

Each app registers its events in its `apps.py` (`HouseConfig.upcoming`). They are
counted with the querysets from which the tasks take their rows. Begin with table.py.
"""
