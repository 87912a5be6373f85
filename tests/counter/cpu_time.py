"""What a text costs the processor, whatever else the machine does."""

import time
from collections.abc import Callable


def seconds(refuse: Callable[[str], object], text: str) -> float:
    """Seconds of CPU for refusing the text: the least of three times."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        refuse(text)
        taken.append(time.process_time() - before)
    return min(taken)


def assert_refused_unread(
    refuse: Callable[[str], object], before: str, sign: str, after: str = ""
) -> None:
    """A million signs cost less than a thousand times what 300 cost.

    Where each sign is looked at they cost 2,000 to 5,000 times as much; where only the
    blanks around the text are, 200 times.
    """
    short, long = (before + sign * size + after for size in (300, 1_000_000))
    assert seconds(refuse, long) < 1000 * seconds(refuse, short)
