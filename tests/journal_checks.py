"""The faults that a check of the whole journal finds."""

from counter.journal import verifying
from counter.journal.verifying import Why


def misfits() -> list[tuple[Why, int | None]]:
    """The reason of each fault, with the number of its entry, if the fault has one."""
    return [(broken.why, broken.entry_id) for broken in verifying.verify()]
