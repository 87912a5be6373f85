"""What the database itself enforces: two roles, append-only tables, safe deleting.

Each app's configuration names the tables whose rows the application may change or
delete (privileges.HouseConfig). Begin with roles.py.
"""
