"""From a row to what a person reads, made when it is sent.

Begin with rendering.py.
"""
