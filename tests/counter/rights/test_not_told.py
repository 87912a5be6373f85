"""What people may not learn from the file about themselves."""

import datetime
import json
from io import BytesIO

from django.utils import timezone
from pypdf import PdfReader

from counter.enums import ActReason
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.retention import holds
from counter.retention.reasons import HoldReason, LiftReason
from tests.counter.retention.person import Whole
from tests.counter.rights.test_export import asked, document


def test_an_investigation_shows_by_nothing(
    peter: Whole, els: Clerk, sofie: Clerk
) -> None:
    """Neither the hold, nor that it was lifted, nor why a key was revoked."""
    before = document(peter.person, sofie, language="en")
    for reason in (HoldReason.ENQUIRY, HoldReason.LAWSUIT):
        hold = holds.set_hold(
            dossier=peter.dossier,
            reason=reason,
            until=timezone.localdate() + datetime.timedelta(days=9),
            clerk=sofie,
            at=timezone.now(),
        )
        if reason is HoldReason.ENQUIRY:
            holds.lift_hold(
                hold=hold, reason=LiftReason.OVER, clerk=sofie, at=timezone.now()
            )
    journal.write(
        Event.ACT_REASON, {"reason": ActReason.ORDER}, dossier=peter.dossier, clerk=els
    )
    made = document(peter.person, sofie, language="en")
    held = next(part for part in made["data"] if part["model"] == "counter.LegalHold")
    assert [row["reason"]["value"] for row in held["rows"]] == ["lawsuit"]
    assert made["journal"] == before["journal"]
    assert not {"police", "judge", "court"} & set(json.dumps(made).split())
    paper = asked(peter.person, sofie, form="pdf", language="en")
    text = " ".join(
        page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages
    )
    assert "police" not in text
