"""The code on paper and the link in the mail, from issuing to lapsing.

Begin with issuing.py; code_text.py is the code itself.
"""
