"""The applicant's pages, in the order of the way: link, account, keys, confirming,
finishing.
"""
