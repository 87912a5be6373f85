"""Whether the full sizes are asked for (`make soak`).

In a module of its own, because the Makefile finds a test with two sizes by the line
that imports this.
"""

import os

SOAK = bool(os.environ.get("SOAK"))
