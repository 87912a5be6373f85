"""Machine-readable zones, which a document reader types into any field with the focus.

Zones are read with the rules of counter.identity. A form that was begun for somebody
else is recognised. Begin with mrz.py.
"""
