"""The office as the public meets it: hours, closing days, its texts and its number.

Ground: imports identity. Begin with opening_hours.py.
"""
