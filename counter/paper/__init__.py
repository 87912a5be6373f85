"""Printing on paper: PDFs in the house's two fonts, by a few threads of their own.

Imports nothing of the counter. Begin with press.py. What needs WeasyPrint is in
sheets.py, which is read with the first page, so that processes that print nothing do
without it.
"""
