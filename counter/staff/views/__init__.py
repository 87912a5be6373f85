"""Pages about the own account: its password, the desk one works at."""
