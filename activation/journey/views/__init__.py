"""The pages on which an applicant activates a key.

The person sees them in this order: link, account, keys, confirming, finishing.
"""
