"""Messages from the public to an office: who answers them, how, and until when.

Begin with handling.py. The form by which the public sends them is in
`activation/public`.
"""
