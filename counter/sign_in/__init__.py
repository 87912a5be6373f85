"""Signing in as staff: password, app, waits after wrong tries, the locked screen.

Begin with secrets.py.
"""
