"""Every event of the journal can be found with a filter."""

from collections import Counter

from counter.journal.events import Event
from counter.journal.kinds import EVENTS


def test_every_event_of_the_journal_is_of_one_kind() -> None:
    """Add a new event to counter/journal/kinds.py."""
    counted = Counter(event for events in EVENTS.values() for event in events)
    assert [event.value for event in Event if counted[event] != 1] == []
