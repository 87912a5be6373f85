"""Finding people by name: any part of it, whatever its accents, slips tolerated.

Every dossier keeps the names its document showed, so somebody is found by any name of
any visit, and with all visits. Names are compared as the migration 0005_name_search
folds them, so that its trigram index is used.
"""

from typing import Final, override

from django.db import OperationalError, connection, transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.views.decorators.debug import sensitive_variables

from counter.models import Dossier

MOST_WORDS: Final = 6
# How alike a typed word and a word of a name are, as pg_trgm counts it, to be taken
# for a slip. Two letters that changed places in a name of eight leave 0.38.
_ALIKE: Final = 0.35
# Three letters have too few trigrams to tell a slip from another name.
_SHORTEST_SLIP: Final = 4
# A word whose letters stand in every name would be compared with all of them.
_LONGEST_LOOK: Final = "400ms"
_QUERY_CANCELED: Final = "57014"


class Folded(Func):
    """Lower case, without accents."""

    function = "counter_folded"
    output_field = TextField()


class SearchableName(Func):
    """Last name and first names, folded, with a space before each word."""

    function = "counter_searchable_name"
    output_field = TextField()

    @override
    def __init__(self) -> None:
        super().__init__(F("last_name"), F("first_names"))


@sensitive_variables()
def beginning_with(rows: QuerySet[Dossier], text: str) -> QuerySet[Dossier]:
    """Of people with a visit among `rows` where every word begins one of the name."""
    return _having(rows, [f" {word}" for word in _words(text)])


@sensitive_variables()
def containing(rows: QuerySet[Dossier], text: str) -> QuerySet[Dossier]:
    """Of people with a visit among `rows` where every word is part of the name."""
    return _having(rows, _words(text))


@sensitive_variables()
def alike(rows: QuerySet[Dossier], text: str, *, most: int) -> list[Dossier]:
    """Dossiers whose names may have been meant, the likeliest first; none in doubt.

    Looks for at most 400 ms: this comes after exact search found nobody, and a clerk
    corrects a name faster than a database reads all of them.
    """
    words = [word for word in _words(text) if len(word) >= _SHORTEST_SLIP]
    if not words:
        return []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SHOW statement_timeout")
                (before,) = cursor.fetchone()
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true),"
                    " set_config('pg_trgm.strict_word_similarity_threshold', %s, true)",
                    [_LONGEST_LOOK, str(_ALIKE)],
                )
                dossiers = list(_by_likeness(rows, words)[:most])
                # Where this is a part of a larger transaction, its end is far away.
                cursor.execute(
                    "SELECT set_config('statement_timeout', %s, true)", [before]
                )
            return dossiers
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != _QUERY_CANCELED:
            raise
        return []


def _words(text: str) -> list[str]:
    return text.split()[:MOST_WORDS]


def _having(rows: QuerySet[Dossier], parts: list[str]) -> QuerySet[Dossier]:
    every = Q()
    for part in parts:
        every &= Q(_name__contains=Folded(Value(part)))
    called_so = rows.alias(_name=SearchableName()).filter(every)
    # Not only the visits under that name: who asks for it wants the latest one too.
    people = called_so.order_by().values("applicant")
    return rows.filter(applicant__in=people)


def _by_likeness(rows: QuerySet[Dossier], words: list[str]) -> QuerySet[Dossier]:
    every = Q()
    distance: Combinable = Value(0.0)
    for word in words:
        folded = Folded(Value(word))
        every &= Q(_name__trigram_strict_word_similar=folded)
        distance = distance + Func(
            folded, F("_name"), template="(%(expressions)s)", arg_joiner=" <<<-> "
        )
    named = rows.alias(_name=SearchableName())
    return named.filter(every).order_by(distance, "-recorded_at")
