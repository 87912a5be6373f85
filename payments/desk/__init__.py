"""What this app adds to the desk, such as reversals that wait and the own drawer.

Begin with contribution.py.
"""
