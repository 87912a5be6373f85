"""What the desk shows of payments: money that goes back, how it was paid, the drawer.

Begin with contribution.py.
"""
