"""What the database itself does: its two roles, tables that only grow, sweeping.

Each app's configuration says what its tables may suffer (privileges.HouseConfig).
Begin with roles.py.
"""
