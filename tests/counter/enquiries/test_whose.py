"""To whom a message of the public belongs, for that person's file and for erasing."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from counter.enquiries import whose
from counter.enums import DossierState, EnquiryKind
from counter.models import Clerk, Dossier, Enquiry, LegalHold, Office
from counter.retention import holds
from counter.retention.reasons import ErasureReason, HoldReason
from counter.rights import erasing
from counter.tasks import apply_retention
from tests import cast
from tests.counter.retention.conftest import clock, lapsed
from tests.counter.retention.person import EMAIL, LAST_NAME, end, recorded
from tests.counter.rights.test_export import document

__all__ = ["clock", "lapsed"]
DAYS = datetime.timedelta(days=1)


def wrote(
    office: Office, text: str = "Hoe lang duurt het?", email: str = "", name: str = ""
) -> Enquiry:
    return Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        name=name,
        email=email,
        text=text,
        received_at=timezone.now(),
    )


def theirs(dossier: Dossier) -> set[Enquiry]:
    return set(whose.of_people([dossier.applicant_id]))


def test_from_the_address_that_opened_the_link_it_is_theirs(
    els: Clerk, office: Office
) -> None:
    dossier = recorded(els)
    end(dossier, DossierState.ACTIVATED, "activated_at")
    own = wrote(office, email=EMAIL.upper())
    wrote(office, email="somebody@example.org", name=f"Jan {LAST_NAME}")
    wrote(office)
    assert theirs(dossier) == {own}


def test_from_an_address_that_was_only_given_it_is_theirs_by_name_too(
    els: Clerk, office: Office
) -> None:
    """Whoever gives a friend's address at the counter gets no message of the friend."""
    dossier = recorded(els)
    own = wrote(office, email=EMAIL, name=f"pietertje {LAST_NAME.lower()}")
    wrote(office, email=EMAIL, name="Marie Claes")
    wrote(office, email=EMAIL)
    assert theirs(dossier) == {own}


@pytest.mark.parametrize(
    "text",
    [
        "Mijn nummer is 85.07.30-033.28.",
        "85 07 30 033 28",
        "(85073003328)",
        "Bel 016 20 30 40, 85073003328",
    ],
)
def test_with_the_number_in_it_it_is_theirs(
    els: Clerk, office: Office, text: str
) -> None:
    dossier = recorded(els)
    own = wrote(office, text=text)
    wrote(office, text="Bel 016 85 07 30.")
    assert theirs(dossier) == {own}


def test_with_the_reference_in_it_it_is_theirs(els: Clerk, office: Office) -> None:
    dossier = recorded(els)
    own = wrote(office, text=f"Het gaat over {dossier.reference.lower()}, bedankt.")
    wrote(office, text=f"x{dossier.reference}0")
    assert theirs(dossier) == {own}


def test_the_file_has_it_and_not_who_else_wrote(
    els: Clerk, sofie: Clerk, office: Office
) -> None:
    dossier = recorded(els)
    end(dossier, DossierState.ACTIVATED, "activated_at")
    wrote(office, text="Van mezelf", email=EMAIL, name="P. Z.")
    wrote(
        office,
        text=f"Over {dossier.reference}",
        email="marie@example.org",
        name="Marie Claes",
    )
    made = document(dossier.applicant, sofie)
    part = next(one for one in made["data"] if one["model"] == "counter.Enquiry")
    rows = [
        (row["text"]["value"], row["email"]["value"], row["name"]["value"])
        for row in part["rows"]
    ]
    assert rows == [
        ("Van mezelf", EMAIL, "P. Z."),
        (f"Over {dossier.reference}", "", ""),
    ]


def test_it_is_erased_when_its_shortest_time_is_over(
    lapsed: Dossier, sofie: Clerk, office: Office, clock: time_machine.Traveller
) -> None:
    wrote(office, text=f"Over {lapsed.reference}")
    other = wrote(office, text="Over iets anders")
    clock.shift(91 * DAYS)
    erasing.erase(
        person=lapsed.applicant,
        clerk=sofie,
        reason=ErasureReason.ASKED,
        at=timezone.now(),
    )
    assert set(Enquiry.objects.all()) == {other}


def test_a_hold_keeps_it(
    lapsed: Dossier, sofie: Clerk, office: Office, clock: time_machine.Traveller
) -> None:
    own = wrote(office, text=f"Over {lapsed.reference}")
    wrote(office, text="Over iets anders")
    holds.set_hold(
        dossier=lapsed,
        reason=HoldReason.COMPLAINT,
        until=timezone.localdate() + 500 * DAYS,
        clerk=sofie,
        at=timezone.now(),
    )
    clock.shift(400 * DAYS)
    apply_retention()
    assert set(Enquiry.objects.all()) == {own}
    LegalHold.objects.update(lifted_at=timezone.now(), lift_reason="last_day")
    apply_retention()
    assert not Enquiry.objects.exists()


def test_the_number_of_somebody_else_is_somebody_elses(
    els: Clerk, office: Office
) -> None:
    dossier = recorded(els)
    wrote(office, text=f"Ik ben {cast.MARIE_NUMBER}")
    assert theirs(dossier) == set()
