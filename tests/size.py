"""Two sizes of a test: some of the cases in `make test`, all of them in `make soak`.

Whoever imports this is run by `make soak`: the Makefile looks for the line. What is
chosen at random is the same each time; SEED=2 and so on make it something else.
"""

import os
import random

SOAK = bool(os.environ.get("SOAK"))
SEED = int(os.environ.get("SEED", "1"))


def chance(of: object) -> random.Random:
    """A choice at random that depends on the seed and on what it is for only."""
    return random.Random(f"{SEED} {of}")  # noqa: S311 (no secret)
