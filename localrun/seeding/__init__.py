"""What `manage.py seed` puts into the embedded run. Here, because it uses all apps."""
