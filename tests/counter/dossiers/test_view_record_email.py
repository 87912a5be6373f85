"""E-mail addresses at the desk: with a slip, with odd letters, or of somebody else."""

import datetime
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from counter.email import mail_syntax
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from tests.cast import MARIE_NUMBER, make_applicant, make_dossier
from tests.counter.dossiers.record_form import typed
from tests.litany import signed_in
from tests.races import at_once

URL = reverse("counter_dossiers:record_applicant")
SHARED = "pair@example.org"


def marie(**changes: str) -> dict[str, object]:
    return typed(
        national_number=MARIE_NUMBER,
        birth_date="08/06/1975",
        sex="F",
        last_name="Peeters",
        first_names="Marie",
        **changes,
    )


def close(dossier: Dossier) -> None:
    dossier.state = DossierState.CANCELLED
    dossier.cancelled_at = timezone.now()
    dossier.save()


def test_the_likely_address_is_offered(els_client: Client) -> None:
    answer = els_client.post(URL, typed(email="peter@gmial.com"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="use_email"' in page
    assert 'value="peter@gmail.com"' in page
    assert 'value="peter@gmial.com"' in page


def test_one_press_takes_it_and_goes_on(els_client: Client) -> None:
    form = typed(email="peter@gmial.com") | {"use_email": "peter@gmail.com"}
    assert els_client.post(URL, form).status_code == 303
    assert Dossier.objects.get().email == "peter@gmail.com"


def test_an_unusual_address_is_kept_with_a_tick(els_client: Client) -> None:
    form = typed(email="peter@gmial.com")
    (doubt,) = els_client.post(URL, form).context["form"].doubts
    answer = els_client.post(URL, form | {"confirmed": [doubt.stamp]})
    assert answer.status_code == 303
    assert Dossier.objects.get().email == "peter@gmial.com"
    accepted = JournalEntry.objects.get(event=Event.MISMATCH_ACCEPTED)
    assert accepted.details == {"doubt": "email_slip"}


def test_no_mail_reaches_a_reserved_name(
    els_client: Client, settings: Settings
) -> None:
    settings.REFUSE_RESERVED_MAIL_DOMAINS = True
    answer = els_client.post(URL, typed(email="peter@mail.example"))
    assert "email" in answer.context["form"].errors
    settings.REFUSE_RESERVED_MAIL_DOMAINS = False
    assert els_client.post(URL, typed(email="peter@mail.example")).status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "peter@bücher-janssens.photography",
        "peter@кириллица.рф",
        "peter@straße.de",
        "peter+key@post.co.uk",
        "peter_o'neill@janssens.amsterdam",
    ],
)
def test_addresses_of_the_whole_world_work(els_client: Client, address: str) -> None:
    """They are kept as mail servers know them, and shown as people write them."""
    assert els_client.post(URL, typed(email=address)).status_code == 303
    dossier = Dossier.objects.get()
    assert dossier.email == mail_syntax.read(address)
    assert dossier.email.isascii()
    for page in ("counter_dossiers:dossier", "activation_desk:pay_and_issue"):
        shown = els_client.get(reverse(page, args=[dossier.pk])).content.decode()
        assert escape(address) in shown


@pytest.mark.parametrize(
    "address", ["m\u0131ke@gmail.com", "\uff4dike@gmail.com", "j\u0430n@gmail.com"]
)
def test_what_would_be_refused_after_payment_is_refused_before(
    els_client: Client, address: str
) -> None:
    answer = els_client.post(URL, typed(email=address))
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["email"]
    assert next(sign for sign in address if not sign.isascii()) in error
    assert f'value="{address}"' in answer.content.decode()
    assert not Dossier.objects.exists()


def test_a_space_in_an_address_is_asked_about(els_client: Client) -> None:
    answer = els_client.post(URL, typed(email="jan peeters@gmail.com"))
    (error,) = answer.context["form"].errors["email"]
    assert "space" in error
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    "address", ["peter@gmail,com", "peter @gmail.com", "peter@@gmail.com"]
)
def test_what_is_no_address_offers_the_one_that_was_meant(
    els_client: Client, address: str
) -> None:
    form = typed(email=address)
    page = els_client.post(URL, form).content.decode()
    assert 'name="use_email"' in page
    assert 'name="confirmed"' not in page
    els_client.post(URL, form | {"use_email": "peter@gmail.com"})
    assert Dossier.objects.get().email == "peter@gmail.com"


@pytest.mark.parametrize(
    "pasted",
    ["Peter <peter@x.be>", "mailto:peter@x.be", "peter@x.be.", "\ufeffpeter@x.be;"],
)
def test_a_pasted_address_is_taken_out_of_what_is_around_it(
    els_client: Client, pasted: str
) -> None:
    els_client.post(URL, typed(email=pasted))
    assert Dossier.objects.get().email == "peter@x.be"


def test_an_address_is_taken_in_whichever_letters(
    els_client: Client, els: Clerk
) -> None:
    email = mail_syntax.read("pair@straße.de")
    make_dossier(make_applicant(MARIE_NUMBER), els, email=email)
    for spelling in ("pair@straße.de", "Pair@STRAßE.de", "pair@xn--strae-oqa.de"):
        answer = els_client.post(URL, typed(email=spelling))
        assert "email" in answer.context["form"].errors
    assert els_client.post(URL, typed(email="pair@strasse.de")).status_code == 303


@pytest.mark.parametrize(
    "address", ["peter", "peter@", "peter@post", "a@b@c.be", "peter@-x.be", "@post.be"]
)
def test_what_is_no_address_is_refused(els_client: Client, address: str) -> None:
    answer = els_client.post(URL, typed(email=address))
    assert "email" in answer.context["form"].errors


@pytest.mark.parametrize("spelling", [SHARED, "Pair@Example.ORG", f" {SHARED} "])
def test_two_people_cannot_share_an_address(
    els_client: Client, els: Clerk, spelling: str
) -> None:
    make_dossier(make_applicant(MARIE_NUMBER), els, email=SHARED)
    answer = els_client.post(URL, typed(email=spelling))
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors
    assert "Marie" not in answer.content.decode()
    assert Dossier.objects.count() == 1


def test_another_offices_person_is_not_given_away(
    gust: Clerk, els_client: Client
) -> None:
    theirs = make_dossier(make_applicant(MARIE_NUMBER), gust, email=SHARED)
    page = els_client.post(URL, typed(email=SHARED)).content.decode()
    for secret in ("Marie", "Elders", str(theirs.pk), theirs.reference):
        assert secret not in page


def test_a_closed_dossier_of_somebody_else_is_a_question(
    els_client: Client, els: Clerk
) -> None:
    close(make_dossier(make_applicant(MARIE_NUMBER), els, email=SHARED))
    form = typed(email=SHARED)
    (doubt,) = els_client.post(URL, form).context["form"].doubts
    answer = els_client.post(URL, form | {"confirmed": [doubt.stamp]})
    assert answer.status_code == 303
    accepted = JournalEntry.objects.get(event=Event.MISMATCH_ACCEPTED)
    assert accepted.details == {"doubt": "email_shared"}


def test_ones_own_address_is_no_question(els_client: Client, els: Clerk) -> None:
    person = make_applicant(birth_date=datetime.date(1985, 7, 30))
    close(make_dossier(person, els, email=SHARED))
    assert els_client.post(URL, typed(email=SHARED)).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_the_same_instant_give_an_address_to_one(
    els: Clerk, bart: Clerk
) -> None:
    for turn in range(5):
        email = f"pair{turn}@example.org"
        now = timezone.now()
        Dossier.objects.update(state=DossierState.CANCELLED, cancelled_at=now)
        forms = [typed(email=email), marie(email=email)]
        clients = [signed_in(els), signed_in(bart)]
        answers = at_once(
            [
                partial(client.post, URL, form)
                for client, form in zip(clients, forms, strict=True)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [303, 422]
        (refused,) = (answer for answer in answers if answer.status_code == 422)
        assert "email" in refused.context["form"].errors
        assert Dossier.objects.filter(email=email).count() == 1
