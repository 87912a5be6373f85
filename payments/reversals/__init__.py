"""Giving money back: asked by one, agreed to by another, handed over.

Begin with reversing.py.
"""
