"""Who is signed in at `/<lang>/keys/`, who is on the way in, and one request at a time.

Begin with holder_session.py (what the session keeps), then session.py.
"""
