"""The one definition of what each role may do, for all guards, permissions and pages.

It imports no models, so that models can use it. Begin with kinds.py, which defines what
a right is. role_rights.py has the rights of this app; each higher app has its own
(`HouseConfig.role_rights`). matrix.py answers whether a role may do something.

Not to be confused with counter.rights: a person's rights about their own data.
"""
