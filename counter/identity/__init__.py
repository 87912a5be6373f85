"""Who a person is on paper: national numbers, documents, countries, names.

Ground: rules that ask no database. Begin with national_number.py.
"""
