"""What the database itself does: its two roles, tables that only grow, sweeping.

Ground: knows no other room. Begin with roles.py.
"""
