"""What a look through the whole journal finds."""

from counter.journal import verifying
from counter.journal.verifying import Why


def misfits() -> list[tuple[Why, int | None]]:
    """What does not fit, each with the number of the entry that is named, if one is."""
    return [(broken.why, broken.entry_id) for broken in verifying.verify()]
