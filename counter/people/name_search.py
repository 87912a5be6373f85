"""Search for people by name: by any part of it, without accents, also similar names.

Each dossier keeps the names of its own document, so a person is found by a name of any
visit, and the result has all visits of that person. Names are folded by the functions
of the migration 0005_name_search, so that its trigram index is used.
"""

from typing import Final, override

from django.db import OperationalError, connection, transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.views.decorators.debug import sensitive_variables

from counter.models import Dossier

MOST_WORDS: Final = 6
# The least similarity (pg_trgm) of a typed word and a word of a name for which the
# typed word counts as a typing error. Exchanging two of eight letters leaves 0.38.
_ALIKE: Final = 0.35
# Three letters have too few trigrams to tell a typing error from another name.
_SHORTEST_SLIP: Final = 4
# The time limit: a word with very common trigrams would be compared with all names.
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
    """All visits of people whose name, in one of `rows`, has for each typed word a word
    that begins with it.
    """
    return _having(rows, [f" {word}" for word in _words(text)])


@sensitive_variables()
def containing(rows: QuerySet[Dossier], text: str) -> QuerySet[Dossier]:
    """All visits of people whose name, in one of `rows`, contains each typed word."""
    return _having(rows, _words(text))


@sensitive_variables()
def alike(rows: QuerySet[Dossier], text: str, *, most: int) -> list[Dossier]:
    """Dossiers whose names are similar to the text, the most similar first.

    The query may take 400 ms; when it takes longer, the result is empty. This search
    runs only after the exact ones found nothing, and a clerk corrects a name faster
    than the database compares it with all names.
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
                # Reset now: inside a larger transaction, `true` keeps the setting until
                # that transaction ends.
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
    # All visits of these people: the clerk also wants those under another name.
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
