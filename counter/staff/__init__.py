"""The accounts of clerks and supervisors: access, passwords by mail, second persons.

Begin with access.py.
"""
