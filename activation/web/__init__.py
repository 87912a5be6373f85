"""What the applicant's and the holder's pages share: frames, throttling, whose office.

It looks into the sessions of visit and holder to know whom a page is for, and serves
all rooms. Begin with pages.py.
"""
