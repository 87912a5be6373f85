"""A person's rights under the GDPR: a copy of all data (access), and erasure.

Begin with `sections.py`, which says what each app keeps of a person. `exporting.py`
collects it, `writing.py` makes a file of it, and `erasing.py` erases what may be
erased. The supervisor's pages are in `counter/admin/rights.py`.
"""
