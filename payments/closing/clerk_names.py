"""The names of clerks for the close of a day and the report."""

from collections import Counter
from collections.abc import Iterable

from counter.models import Clerk


def names_of(clerks: Iterable[int]) -> dict[int, str]:
    """The name of each clerk by id; with the user name when two have the same name."""
    rows = Clerk.objects.filter(pk__in=set(clerks))
    names = {row.pk: (str(row), row.get_username()) for row in rows}
    often = Counter(name for name, _username in names.values())
    return {
        key: name if often[name] == 1 else f"{name} ({username})"
        for key, (name, username) in names.items()
    }
