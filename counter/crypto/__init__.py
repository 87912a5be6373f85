"""Personal numbers and secrets at rest: encryption, and putting new keys in place.

Ground: knows no other room. Begin with encryption.py.
"""
