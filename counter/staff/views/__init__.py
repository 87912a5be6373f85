"""Views about one's own account: its password, and the desk of today."""
