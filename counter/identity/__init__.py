"""Rules for what identifies a person: national numbers, documents, countries, names.

The rules need no database. Begin with national_number.py.
"""
