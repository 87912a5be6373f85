"""What the public wrote to an office: who takes it, what is answered, until when.

Begin with handling.py. How such a message comes in is `activation/public`.
"""
