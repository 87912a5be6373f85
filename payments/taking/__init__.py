"""Taking the fee of a dossier, or waiving it.

Begin with taking.py.
"""
