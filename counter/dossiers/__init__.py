"""One visit and its dossier: recorded, put right, cancelled.

Begin with recording.py.
"""
