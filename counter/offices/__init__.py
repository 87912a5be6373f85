"""The office as the public meets it: hours, closing days, its texts and its number.

Ground: uses models alone. Begin with opening_hours.py.
"""
