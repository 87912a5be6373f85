"""What a clerk does with codes and keys at the desk.

Take the fee and issue a code, print a new one, correct a dossier, revoke a key. Begin
with views/issuing.py.
"""
