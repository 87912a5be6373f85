"""Who is signed in at `/<lang>/keys/`, who is on the way in, and one request at a time.

Begin with session.py.
"""
