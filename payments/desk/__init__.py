"""What the desk shows of payments: reversals that wait, the method, the drawer.

Begin with contribution.py.
"""
