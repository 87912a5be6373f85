"""`make bench`: each figure of docs/performance.md beside a limit of the same run.

One module a figure; each has `measure() -> list[Figure]` and runs in a process and a
database of its own (bench.one), so that none sees what another left behind. A machine
that is twice as slow makes both sides of a ratio twice as slow: trust the ratios.
"""
