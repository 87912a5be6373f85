"""What a document reader types: machine-readable zones, wherever they land.

Ground: imports identity. Begin with mrz.py.
"""
