"""Two sizes of a test: some of the cases in `make test`, all of them in `make soak`.

`make soak` runs each file that imports this module (bench/soak.py looks for the line).
Random choices are the same each time; SEED=2 and so on give others.
"""

import os
import random

SOAK = bool(os.environ.get("SOAK"))
SEED = int(os.environ.get("SEED", "1"))


def chance(of: object) -> random.Random:
    """A source of random choices that depend only on the seed and on `of`."""
    return random.Random(f"{SEED} {of}")  # noqa: S311 (no secret)
