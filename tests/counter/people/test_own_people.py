"""No clerk serves herself; she serves family only with a colleague at the screen.

Els is called Claes here, and the person of the dossier Claes-Maris.
"""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from counter.desk.registry import doors
from counter.dossiers.recording import reveal_number
from counter.enums import RevealReason, Role
from counter.models import Clerk, Dossier, JournalEntry
from counter.people.kinship import FamilyNotAskedError, OwnPersonError
from payments.enums import ReversalReason, WaiverReason
from payments.models import DrawerSession, Payment, Reversal, Tariff
from payments.reversals.reversing import ask_reversal
from tests import cast
from tests.access_world import routes
from tests.activation.codes.reissues import reissued
from tests.counter.people.namesakes import bart, els, peter, question, renamed
from tests.litany import signed_in
from tests.notifications.acts import mail_to

__all__ = ["bart", "els", "peter"]


#: Arguments of the desk's addresses that lead to no dossier: drawers, days, batches,
#: a clerk's own drafts, a visit that left no name.
OF_NOBODY = {"session", "date", "number", "draft", "submission", "token"}


def is_herself(dossier: Dossier) -> None:
    Dossier.objects.update(first_names="Els Maria", last_name="Claes")
    dossier.refresh_from_db()


def family_routes() -> list[tuple[str, str]]:
    """The name of each route of the desk that has an argument, with that argument."""
    arguments = []
    for name, path in routes():
        if name.partition(":")[0] in doors().namespaces:
            arguments += [(name, arg) for arg in re.findall(r"<(?:\w+:)?(\w+)>", path)]
    return arguments


def test_every_address_of_the_desk_says_whose_dossier_it_leads_to() -> None:
    """The admin's pages have a check of their own (counter.supervision.own_people)."""
    arguments = {
        argument
        for name, argument in family_routes()
        if not name.startswith("admin:") and not name.startswith("admin/")
    }
    assert arguments - set(doors().leads_to) - OF_NOBODY == set()


@pytest.mark.parametrize("who", ["family", "herself"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_act_is_open_before_the_answer(
    dossier: Dossier, els: Clerk, sofie: Clerk, who: str, method: str
) -> None:
    """Not by any route. A colleague asked for the reversal; Els could decide on it."""
    code, _ = cast.make_code(dossier, els)
    payment = paid(dossier, els)
    reversal = Reversal.objects.create(
        payment=payment,
        reason=ReversalReason.DOUBLE_CHARGE,
        method=payment.method,
        amount=payment.amount,
        asked_by=sofie,
        asked_at=timezone.now(),
    )
    mail = mail_to(dossier=dossier)
    expected = question(dossier)
    if who == "herself":
        is_herself(dossier)
        expected = reverse("counter_dossiers:dossier", args=[dossier.pk])
    Clerk.objects.filter(pk=els.pk).update(role=Role.SUPERVISOR)
    arguments = {"pk": dossier.pk, "reversal": reversal.pk, "delivery": mail.pk}
    client = signed_in(els)
    acts = [
        (name, argument)
        for name, argument in family_routes()
        if argument in doors().leads_to and name not in doors().read_only
    ]
    assert len(acts) >= 12
    for name, argument in acts:
        more = ("revoke-code",) if name == "admin:counter_dossier_act" else ()
        url = reverse(name, args=[arguments[argument], *more])
        answer = getattr(client, method)(url)
        assert answer.status_code == 303, name
        assert answer["Location"].partition("?")[0] == expected, name
    assert not JournalEntry.objects.filter(clerk=els).exists()
    assert cast.code_of(dossier) == code


def paid(dossier: Dossier, clerk: Clerk) -> Payment:
    return Payment.objects.create(
        submission=uuid.uuid4(),
        dossier=dossier,
        tariff=Tariff.objects.get(office=dossier.office),
        taken_by=clerk,
        taken_at=timezone.now(),
        method="cash",
        amount="10.00",
        tendered="10.00",
        drawer=DrawerSession.objects.get(clerk=clerk),
    )


def test_a_service_that_goes_around_the_pages_is_refused(
    dossier: Dossier, els: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)

    with pytest.raises(FamilyNotAskedError):
        reissued(dossier, els, code)
    with pytest.raises(FamilyNotAskedError):
        reveal_number(dossier=dossier, clerk=els, reason=RevealReason.QUESTION)
    is_herself(dossier)
    dossier = Dossier.objects.get()
    with pytest.raises(OwnPersonError):
        reissued(dossier, els, code)
    assert cast.code_of(dossier) == code


def test_the_dossier_is_shown_without_anything_to_do(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    cast.make_code(dossier, bart)
    client = signed_in(els)
    page = client.get(
        reverse("counter_dossiers:dossier", args=[dossier.pk])
    ).content.decode()
    assert question(dossier) in page
    assert "slip.pdf" not in page
    assert "new-code" not in page
    theirs = signed_in(bart).get(reverse("counter_dossiers:dossier", args=[dossier.pk]))
    assert "slip.pdf" in theirs.content.decode()
    is_herself(dossier)
    page = client.get(
        reverse("counter_dossiers:dossier", args=[dossier.pk])
    ).content.decode()
    assert "your own names" in page
    assert question(dossier) not in page


@pytest.mark.parametrize("first_names", ["Rik", "Sofie"])
def test_a_supervisor_agrees_about_none_of_her_own(
    dossier: Dossier, bart: Clerk, sofie: Clerk, first_names: str
) -> None:
    Dossier.objects.update(first_names=first_names)
    renamed(sofie, "Sofie", "Maris")
    waive = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    form = {
        "submission": uuid.uuid4(),
        "reason": WaiverReason.OUR_MISTAKE.value,
        "supervisor_name": "sofie",
        "supervisor_password": cast.PASSWORD,
    }
    answer = signed_in(bart).post(waive, form)
    assert answer.status_code == 422
    assert "family name" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_reversal_is_asked_for_by_a_colleague(dossier: Dossier, els: Clerk) -> None:
    payment = paid(dossier, els)
    with pytest.raises(FamilyNotAskedError):
        ask_reversal(
            payment=payment,
            clerk=els,
            reason=ReversalReason.DOUBLE_CHARGE,
            at=timezone.now(),
        )
    assert not Reversal.objects.exists()
