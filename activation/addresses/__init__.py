"""A dossier's mail address was changed: the old one is told and can object.

Begin with changed_addresses.py.
"""
