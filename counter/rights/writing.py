"""Writes the export of a person's data as a file: JSON for machines, PDF for people.

Both also say for what the data are kept, who else gets them, and the person's rights.
"""

import json
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override as in_language
from django.views.decorators.debug import sensitive_variables

from counter.backups import keeping
from counter.paper.press import Press
from counter.rights.exporting import Act, Export

press: Final = Press("counter/rights/paper.css")


@sensitive_variables()
def as_json(export: Export) -> bytes:
    """The export as JSON; the names of its keys are the same in every language."""
    with in_language(export.language):
        document = {
            "made_at": export.made_at.isoformat(),
            "language": export.language,
            "about": _about_it(export),
            "data": [
                {
                    "model": part.model,
                    "title": part.title,
                    "rows": [
                        {
                            value.name: {
                                "label": value.label,
                                "value": _plain(value.raw),
                                "shown": value.text,
                            }
                            for value in row
                        }
                        for row in part.rows
                    ],
                }
                for part in export.parts
            ],
            "consultations": [_act(act) for act in export.looks],
            "journal": [_act(act) for act in export.acts],
        }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _about_it(export: Export) -> dict[str, object]:
    about = _about()
    names = ("purpose", "ground", "recipients", "rights", "in_backups")
    return {
        **{name: about[name] for name in names},
        "left_out": export.left_out,
        "kept_for": [
            {"data": data, "period": period, "counted_from": event}
            for data, period, event in export.periods
        ],
        "stays": [
            {"data": data, "period": period, "ground": ground}
            for data, period, ground in export.stays
        ],
    }


def _act(act: Act) -> dict[str, str]:
    at = act.at.isoformat()
    return {"at": at, "event": act.event, "sentence": act.sentence}


def _plain(raw: object) -> object:
    if raw is None or isinstance(raw, (bool, int, str, dict, list)):
        return raw
    isoformat = getattr(raw, "isoformat", None)
    return isoformat() if isoformat else str(raw)


@sensitive_variables()
def as_pdf(export: Export) -> bytes:
    """The export as PDF, with a title and a language for screen readers."""
    with in_language(export.language):
        html = render_to_string(
            "counter/rights/paper.html", {"export": export, **_about()}
        )
    return press.pdf(html)


def _about() -> dict[str, Any]:
    """The purpose, the legal ground, the recipients, and the person's rights."""
    return {
        "in_backups": keeping.in_backups(),
        "purpose": _(
            "To give you an activation code for a digital key, to know later who it "
            "was given to, and to account for the fee."
        ),
        "ground": _(
            "Public task (GDPR, article 6.1.e); for the payment a legal duty (6.1.c); "
            "for the national number the law of 8 August 1983."
        ),
        "recipients": [
            _("FPS BOSA, for the digital key"),
            _("the e-mail and text message services that carry your messages"),
            _("for a card payment the bank that processes it"),
        ],
        "rights": _(
            "You may have mistakes put right at the counter, and ask to erase what the "
            "law lets go. Not satisfied? Complain to the Data Protection Authority, "
            "Rue de la Presse 35, 1000 Brussels."
        ),
    }
