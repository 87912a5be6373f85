"""What every page of the counter shares: middleware, fields, paper, addresses.

Knows no dossier. Begin with middleware.py.
"""
