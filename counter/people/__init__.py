"""Who came before, and whether the clerk is family: said before anything is begun.

Begin with person.py.
"""
