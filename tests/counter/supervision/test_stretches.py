"""`keyset.stretches` gives, part by part, the rows of `keyset.beyond`, in order."""

from counter.models import Dossier
from counter.supervision import keyset
from tests.counter.supervision.test_lists import eight

__all__ = ["eight"]


def test_stretches_are_what_lies_beyond_in_the_same_order(eight: list[Dossier]) -> None:
    for place, dossier in enumerate(eight):
        dossier.desk = f"Loket {place % 3}"
        dossier.save(update_fields=["desk"])
    names = ("desk", "state", "recorded_at", "id")
    order = tuple(f"-{name}" for name in names)
    for edge in Dossier.objects.values_list(*names):
        for backwards in (False, True):
            rows = Dossier.objects.order_by(
                *(keyset.turned(order) if backwards else order)
            )
            beyond = keyset.beyond(order, edge, backwards=backwards)
            parts = keyset.stretches(order, edge, backwards=backwards)
            assert [row for part in parts for row in rows.filter(part)] == list(
                rows.filter(beyond)
            )
