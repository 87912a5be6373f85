"""What each role may do, said once: every guard, permission and page asks here.

Imports no models, so that models may ask as well. Begin with kinds.py, which says what
a right is, then role_rights.py, which has the counter's; each higher app brings its own
in the same way (`HouseConfig.role_rights`). matrix.py answers.

Not to be mixed up with counter.rights: what a person may ask about their own data.
"""
