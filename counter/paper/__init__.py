"""Makes PDFs for printing, with the product's two fonts, in threads of their own.

This package imports nothing of the counter. Begin with press.py. Only sheets.py needs
WeasyPrint; it is imported with the first page, so that a process that prints nothing
does not load it.
"""
