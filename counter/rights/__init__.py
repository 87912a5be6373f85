"""A person's rights: all that is kept of somebody, and erasing what the law lets go.

Begin with `sections.py`, which says what each app keeps of a person; `exporting.py`
puts it together, `writing.py` makes a file of it, `erasing.py` removes it. The
supervisor's pages are in `counter/admin/rights.py`.
"""
