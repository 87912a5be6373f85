"""The layout of the recording form, and the questions (doubts) in dossier forms."""

from collections.abc import Hashable
from typing import Any, Final

from django.forms import BaseForm
from django.template import Context
from django.utils.translation import gettext_lazy as _

from counter.enums import Reason, RedirectReason
from counter.web.form_layout import (
    Block,
    Kept,
    KeptWhileNew,
    Pair,
    Row,
    Snippet,
    include,
    layout,
)


class Doubts:
    """Draws the doubts about the field `name`, or all of the form's when it is empty
    (counter.dossiers.doubts).
    """

    def __init__(self, name: str = "") -> None:
        self.name = name

    def render(self, form: BaseForm, context: Context, /, **_kwargs: Any) -> str:
        doubts = [
            doubt
            for doubt in getattr(form, "doubts", ())
            if self.name in ("", doubt.field)
        ]
        if not doubts:
            return ""
        return include("counter/parts/_doubts.html", context, doubts=doubts)


def _free_route(form: BaseForm) -> dict[str, Hashable]:
    """What the question about the free route shows: its choices, the choice made, and
    whether an answer is missing.

    The client may have sent any text, and an error message may quote it: neither is
    passed on, because the drawn piece is cached for everybody.
    """
    field = form["reason"]
    choices = tuple((str(value), str(label)) for value, label in Reason.choices)
    chosen = field.value()
    return {
        "choices": choices,
        "routes": tuple((str(key), str(name)) for key, name in RedirectReason.choices),
        "chosen": chosen if chosen in dict(choices) else "",
        "is_missing": bool(field.errors),
    }


_DOCUMENT: Final = Block(
    Pair(Row("document_type"), Row("document_country")),
    Doubts("document_type"),
    Pair(Row("document_number"), Row("document_expiry")),
    Kept("counter/dossiers/recording/_no_end.html"),
    Doubts("document_number"),
    Row("old_model"),
    Row("original_seen"),
    tag="fieldset",
    legend=_("Identity document"),
)
_PERSON: Final = Block(
    Row("national_number"),
    Snippet("counter/dossiers/recording/_below_number.html"),
    Pair(Row("last_name"), Row("first_names")),
    Doubts("last_name"),
    Snippet("counter/parts/_approval.html"),
    Pair(Row("birth_date"), Row("sex")),
    Snippet("counter/dossiers/recording/_century.html"),
    Doubts("birth_date"),
    Doubts("sex"),
    tag="fieldset",
    legend=_("Person, as on the document"),
)
_KEY: Final = Block(
    Row("email"),
    Snippet("counter/dossiers/recording/_below_email.html"),
    Doubts("email"),
    Row("language"),
    tag="fieldset",
    legend=_("Digital key"),
)
#: Two columns: what the document says, and what the person says. The Enter key moves
#: through the fields in this order.
RECORDING: Final = layout(
    Row("submission"),
    Row("scanned"),
    Snippet("counter/dossiers/recording/_above_fields.html"),
    Kept("counter/dossiers/recording/_free_route.html", _free_route, name="reason"),
    Block(
        Block(KeptWhileNew(_DOCUMENT, _PERSON), css="panel"),
        Block(
            KeptWhileNew(_KEY),
            Snippet("counter/dossiers/recording/_record_actions.html"),
            css="panel panel-strong",
        ),
        css="desk-grid",
    ),
)
