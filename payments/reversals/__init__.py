"""Giving money back: a clerk asks, a supervisor decides, a clerk hands it over.

Begin with reversing.py.
"""
