"""Backups: making one that only a key elsewhere opens, and proving that it comes back.

A backup is one file: what it is of (manifest.py) in its first line and pg_dump's
archive behind it, encrypted to public keys (docs/backups.md). Each app says in its
`apps.py` what is counted of it (`HouseConfig.backup_figures`). Begin with making.py and
checking.py. May import everything in counter but its pages.
"""
