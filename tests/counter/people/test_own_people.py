"""Nobody serves herself, and family only with a colleague at the screen.

Els is called Claes here, and so is the person of the dossier.
"""

import datetime
import re
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from activation.codes.reissuing import reissue_code
from activation.enums import ReissueReason
from counter.desk.registry import doors
from counter.dossiers.recording import reveal_number
from counter.enums import RevealReason, Role
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier, JournalEntry, KinshipAnswer
from counter.people.kinship import FamilyNotAskedError, OwnPersonError
from payments.enums import ReversalReason, WaiverReason
from payments.models import DrawerSession, Payment, Reversal, Tariff
from payments.reversals.reversing import ask_reversal
from tests import cast
from tests.litany import signed_in
from tests.notifications.acts import mail_to
from tests.test_access import routes

#: Arguments of the desk's addresses that lead to nobody's dossier: drawers, days,
#: batches, a clerk's own drafts, a visit that left no name.
OF_NOBODY = {"session", "date", "number", "draft", "submission", "token"}


@pytest.fixture
def els(els: Clerk) -> Clerk:
    return renamed(els, "Els", "Claes")


@pytest.fixture
def bart(bart: Clerk) -> Clerk:
    return renamed(bart, "Bart", "Maes")


@pytest.fixture
def peter(peter: Applicant) -> Applicant:
    Applicant.objects.update(first_names="Rik", last_name="Claes-Maris")
    peter.refresh_from_db()
    return peter


def renamed(clerk: Clerk, first_name: str, last_name: str) -> Clerk:
    clerk.first_name, clerk.last_name = first_name, last_name
    clerk.save()
    return clerk


def is_herself(dossier: Dossier) -> None:
    Dossier.objects.update(first_names="Els Maria", last_name="Claes")
    dossier.refresh_from_db()


def question(dossier: Dossier) -> str:
    return reverse("counter_people:family", args=[dossier.pk])


def family_answers() -> list[Event]:
    return [
        Event(entry.event)
        for entry in JournalEntry.objects.order_by("pk")
        if entry.event in (Event.NO_FAMILY, Event.FAMILY_WITH_COLLEAGUE)
    ]


def family_routes() -> list[tuple[str, str]]:
    """Every route of the desk with an argument, by name and argument."""
    arguments = []
    for name, path in routes():
        if name.partition(":")[0] in doors().namespaces:
            arguments += [(name, arg) for arg in re.findall(r"<(?:\w+:)?(\w+)>", path)]
    return arguments


def test_every_address_of_the_desk_says_whose_dossier_it_leads_to() -> None:
    """The admin's pages ask for themselves (counter.supervision.own_people)."""
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
    """By every route there is; the reversal is another's, decided by a Claes."""
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

    def reissue() -> None:
        reissue_code(
            dossier=dossier,
            clerk=els,
            reason=ReissueReason.SHEET_LOST,
            code_id=code.pk,
            at=timezone.now(),
            document_seen=True,
        )

    with pytest.raises(FamilyNotAskedError):
        reissue()
    with pytest.raises(FamilyNotAskedError):
        reveal_number(dossier=dossier, clerk=els, reason=RevealReason.QUESTION)
    is_herself(dossier)
    dossier = Dossier.objects.get()
    with pytest.raises(OwnPersonError):
        reissue_code(
            dossier=dossier,
            clerk=els,
            reason=ReissueReason.SHEET_LOST,
            code_id=code.pk,
            at=timezone.now(),
            document_seen=True,
        )
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


def test_no_is_asked_once_and_in_the_journal(dossier: Dossier, els: Clerk) -> None:
    client = signed_in(els)
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    first = client.get(pay)
    assert client.get(first["Location"]).status_code == 200
    answer = client.post(first["Location"], {"is_family": "no", "next": pay})
    assert answer["Location"] == pay
    assert client.get(pay).status_code == 200
    assert family_answers() == [Event.NO_FAMILY]
    assert client.get(question(dossier)).status_code == 303


def test_nothing_chosen_is_no_answer(dossier: Dossier, els: Clerk) -> None:
    answer = signed_in(els).post(question(dossier), {})
    assert answer.status_code == 422
    assert not KinshipAnswer.objects.exists()


def yes(**typed: str) -> dict[str, str]:
    typed = {"name": "bart", "password": cast.PASSWORD} | typed
    return {"is_family": "yes"} | {f"colleague_{n}": t for n, t in typed.items()}


def test_yes_takes_a_colleague(dossier: Dossier, els: Clerk, bart: Clerk) -> None:
    client = signed_in(els)
    assert client.post(question(dossier), yes()).status_code == 303
    row = KinshipAnswer.objects.get()
    assert (row.clerk, row.colleague, row.is_family) == (els, bart, True)
    entry = JournalEntry.objects.get(event=Event.FAMILY_WITH_COLLEAGUE)
    assert (entry.clerk, entry.details) == (els, {"who": "Bart Maes"})
    pay = reverse("activation_desk:pay_and_issue", args=[dossier.pk])
    assert client.get(pay).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "wrong"},
        {"name": "els"},
        {"name": "gust"},
        {"name": "nobody"},
        {"name": ""},
        {"password": ""},
    ],
)
def test_yes_without_a_colleague_is_no_answer(
    dossier: Dossier, els: Clerk, bart: Clerk, gust: Clerk, typed: dict[str, str]
) -> None:
    answer = signed_in(els).post(question(dossier), yes(**typed))
    assert answer.status_code == 422
    assert not KinshipAnswer.objects.exists()


def test_a_colleague_of_that_name_or_gone_will_not_do(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    renamed(bart, "Bart", "Maris")
    assert signed_in(els).post(question(dossier), yes()).status_code == 422
    renamed(bart, "Bart", "Maes")
    Clerk.objects.filter(pk=bart.pk).update(is_active=False)
    assert signed_in(els).post(question(dossier), yes()).status_code == 422
    assert not KinshipAnswer.objects.exists()


@pytest.mark.usefixtures("digits_asked")
def test_yes_takes_the_digits_of_the_colleagues_app(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    answer = signed_in(els).post(question(dossier), yes())
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"colleague_digits"}


def test_onward_leads_nowhere_else(dossier: Dossier, els: Clerk) -> None:
    form = {"is_family": "no", "next": "https://example.org/"}
    answer = signed_in(els).post(question(dossier), form)
    assert answer["Location"] == reverse("counter_dossiers:dossier", args=[dossier.pk])


def test_an_answer_is_for_one_clerk_and_one_dossier(
    dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    renamed(sofie, "Sofie", "Claes")
    signed_in(els).post(question(dossier), {"is_family": "no"})
    waive = reverse("activation_desk:waive_and_issue", args=[dossier.pk])
    assert signed_in(sofie).get(waive)["Location"].startswith(question(dossier))
    Dossier.objects.update(state="cancelled", cancelled_at=timezone.now())
    again = cast.make_dossier(dossier.applicant, els)
    pay = reverse("activation_desk:pay_and_issue", args=[again.pk])
    assert signed_in(els).get(pay)["Location"].startswith(question(again))


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


def recording(**typed: str) -> dict[str, str]:
    return {
        "submission": str(uuid.uuid4()),
        "document_type": "BE_PASS",
        "document_number": "EN123456",
        "document_country": "BEL",
        "document_expiry": "01/01/2040",
        "original_seen": "on",
        "last_name": "Claes",
        "first_names": "Rik",
        "birth_date": "30/07/1985",
        "sex": "M",
        "national_number": cast.PETER_NUMBER,
        "email": "rik@example.org",
        "language": "nl",
        "reason": "no_other_key",
    } | typed


RECORD = reverse("counter_dossiers:record_applicant")


def test_recording_asks_and_loses_nothing(els: Clerk) -> None:
    client, form = signed_in(els), recording()
    answer = client.post(RECORD, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="is_family"' in page
    assert "rik@example.org" in page
    assert not Dossier.objects.exists()
    form |= {"asks_family": "1", "is_family": "no"}
    assert client.post(RECORD, form).status_code == 303
    assert family_answers() == [Event.NO_FAMILY]
    pay = reverse("activation_desk:pay_and_issue", args=[Dossier.objects.get().pk])
    assert client.get(pay).status_code == 200


def test_recording_family_takes_a_colleague(els: Clerk, bart: Clerk) -> None:
    client = signed_in(els)
    form = recording(asks_family="1") | yes(password="wrong")
    answer = client.post(RECORD, form)
    assert answer.status_code == 422
    assert "of a colleague of this office" in answer.content.decode()
    assert not Dossier.objects.exists()
    assert client.post(RECORD, form | yes()).status_code == 303
    assert KinshipAnswer.objects.get().colleague == bart


def test_recording_herself_is_refused_at_the_name(els: Clerk) -> None:
    form = recording(first_names="Els Maria", asks_family="1", is_family="no")
    answer = signed_in(els).post(RECORD, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"last_name"}
    assert not Dossier.objects.exists()


def test_the_choice_stays_while_another_field_is_wrong(els: Clerk) -> None:
    form = recording(asks_family="1", is_family="no", email="rik at home")
    page = signed_in(els).post(RECORD, form).content.decode()
    radio = re.search(r'<input[^>]*id="id_is_family_0"[^>]*>', page)
    assert radio
    assert "checked" in radio[0]


def test_an_answer_cannot_be_changed(dossier: Dossier, els: Clerk) -> None:
    signed_in(els).post(question(dossier), {"is_family": "no"})
    with pytest.raises(DatabaseError), transaction.atomic():
        KinshipAnswer.objects.update(at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        KinshipAnswer.objects.all().delete()


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
