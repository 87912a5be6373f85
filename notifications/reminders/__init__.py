"""Reminders of a link that nobody has used, and of a key that ends soon."""
