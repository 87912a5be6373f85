"""Signing in as staff: password, app, rate limits for wrong tries, the screen lock.

Begin with secrets.py.
"""
