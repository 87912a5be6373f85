"""Who a person is on paper: national numbers, documents, countries, names.

Ground: pure rules without a database. Begin with national_number.py.
"""
