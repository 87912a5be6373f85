"""Tests hash passwords with little work, because nearly every test makes a clerk.

The product's parameters are asserted in tests/test_settings.py, and a
test that measures the time of a hash asks for `production_hashes`.
"""

from counter.sign_in.hashers import Argon2


class QuickArgon2(Argon2):
    """The same Argon2id with the least work that it accepts."""

    time_cost = 1
    memory_cost = 8
