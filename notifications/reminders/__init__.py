"""Reminders of a link nobody used, and of a key about to end."""
