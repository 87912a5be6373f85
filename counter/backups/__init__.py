"""Backups: making an encrypted one, and checking that it can be restored.

A backup is one file, encrypted to public keys whose secret keys are elsewhere
(docs/backups.md). Its first line is the manifest (manifest.py), followed by pg_dump's
archive. Each app registers in its `apps.py` the figures that are compared
(`HouseConfig.backup_figures`). Begin with making.py and checking.py. This package may
import everything in counter but its pages.
"""
