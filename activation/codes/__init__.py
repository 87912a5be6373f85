"""The code on paper and the link in the mail, from issuing to lapsing.

Begin with issuing.py; activation_code.py is the code itself.
"""
