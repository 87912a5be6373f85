"""Encryption of personal numbers and secrets at rest, and key rotation.

This room imports no other room except the models. Begin with encryption.py.
"""
