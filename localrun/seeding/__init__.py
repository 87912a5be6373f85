"""The data that `manage.py seed` puts into the embedded run; here, because it uses all
apps.
"""
