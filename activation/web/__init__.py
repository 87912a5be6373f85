"""Code that the applicant's and the holder's pages share.

Pages, form bases, throttling, and which office a visitor belongs to. For the last it
reads the sessions of a visit and of a holder. All other packages of this app may use
it. Begin with pages.py.
"""
