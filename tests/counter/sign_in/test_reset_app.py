"""A lost phone: a supervisor resets the app, and the next sign-in sets one up."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import AccountAct, Role
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry, Office, SecondFactor
from counter.sign_in import sign_in_app
from counter.staff import account_changes
from tests import cast
from tests.counter.app import APP, CODE, after_the_password, digits, set_up, wrong
from tests.litany import signed_in

pytestmark = pytest.mark.usefixtures("digits_asked")

DESK = reverse("counter_desk:desk")
LINK = b"Reset the app for signing in"


@pytest.fixture
def sofie_client(sofie: Clerk) -> Client:
    return signed_in(sofie)


@pytest.fixture
def at_work(els: Clerk) -> Client:
    """Els at her desk, signed in with her app."""
    set_up(els)
    client = after_the_password(els)
    client.post(CODE, {"digits": digits(els)})
    assert client.get(DESK).status_code == 200
    return client


def page(clerk: Clerk) -> str:
    return reverse("admin:counter_clerk_change", args=[clerk.pk])


def reset(clerk: Clerk) -> str:
    return reverse("admin:counter_clerk_reset_app", args=[clerk.pk])


def agreed_by(supervisor: Clerk) -> dict[str, str]:
    """What a second supervisor types at the screen of the first."""
    if not SecondFactor.objects.filter(pk=supervisor.pk).exists():
        set_up(supervisor)
    return {
        "supervisor_name": supervisor.username,
        "supervisor_password": cast.PASSWORD,
        "supervisor_digits": digits(supervisor),
    }


@pytest.fixture
def lies(office: Office) -> Clerk:
    """The second supervisor."""
    return cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)


def test_two_supervisors_reset_it_and_els_sets_one_up(
    at_work: Client, els: Clerk, sofie: Clerk, lies: Clerk, sofie_client: Client
) -> None:
    assert LINK in sofie_client.get(page(els)).content
    asked = sofie_client.get(reset(els))
    assert asked.status_code == 200
    assert SecondFactor.objects.filter(pk=els.pk).exists()
    answer = sofie_client.post(reset(els), agreed_by(lies), follow=True)
    assert answer.redirect_chain == [(page(els), 302)]
    assert b"sets up an app at the next sign-in" in answer.content
    assert LINK not in answer.content

    assert at_work.get(DESK).status_code == 302
    signed_out = at_work.get(reverse("counter_sign_in:sign_in"))
    assert len(signed_out.context["messages"]) == 1
    again = after_the_password(els)
    assert again.get(CODE).headers["Location"].startswith(APP)
    again.post(APP, {"digits": digits(els)})
    assert again.get(DESK).status_code == 200

    entry = JournalEntry.objects.get(event=Event.SECOND_FACTOR_RESET_WITH)
    assert (entry.clerk, entry.office) == (sofie, els.office)
    assert entry.details == {"who": "els", "colleague": "lies"}


@pytest.mark.parametrize(
    "who",
    ["nobody", "herself", "the owner", "a clerk", "an administrator", "elsewhere"],
)
def test_without_a_second_supervisor_nothing_is_reset(
    els: Clerk,
    sofie: Clerk,
    bart: Clerk,
    tom: Clerk,
    other_office: Office,
    sofie_client: Client,
    who: str,
) -> None:
    set_up(els)
    sofie_client.get(reset(els))
    typed: dict[str, str] = {}
    if who != "nobody":
        gerda = cast.make_clerk("gerda", other_office, desk="", role=Role.SUPERVISOR)
        people = {
            "herself": sofie,
            "the owner": els,
            "a clerk": bart,
            "an administrator": tom,
            "elsewhere": gerda,
        }
        typed = agreed_by(people[who])
    answer = sofie_client.post(reset(els), typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert SecondFactor.objects.filter(pk=els.pk).exists()


def test_an_administrator_resets_it_with_a_supervisor(
    els: Clerk, lies: Clerk, tom: Clerk
) -> None:
    set_up(els)
    answer = signed_in(tom).post(reset(els), agreed_by(lies))
    assert answer.status_code == 302
    assert not SecondFactor.objects.filter(pk=els.pk).exists()


def test_one_whose_account_the_first_one_made_is_no_second(
    els: Clerk, sofie: Clerk, lies: Clerk, sofie_client: Client
) -> None:
    set_up(els)
    account_changes.note(account=lies, by=sofie, act=AccountAct.MADE, at=timezone.now())
    answer = sofie_client.post(reset(els), agreed_by(lies))
    assert "count as one person" in answer.text
    assert SecondFactor.objects.filter(pk=els.pk).exists()


def test_the_service_takes_no_word_of_one_alone(els: Clerk, sofie: Clerk) -> None:
    set_up(els)
    for agreed in (None, sofie, els):
        with pytest.raises(ValueError, match="second supervisor"):
            sign_in_app.reset(clerk=els, by=sofie, agreed=agreed, at=timezone.now())


def test_tries_with_the_lost_phone_are_forgotten(
    els: Clerk, lies: Clerk, sofie_client: Client
) -> None:
    set_up(els)
    guesser = after_the_password(els)
    for _ in range(11):
        guesser.post(CODE, {"digits": wrong(els)})
    sofie_client.post(reset(els), agreed_by(lies))
    again = after_the_password(els)
    assert again.post(APP, {"digits": digits(els)}).status_code == 303


def test_who_was_half_signed_in_types_the_password_again(
    els: Clerk, lies: Clerk, sofie_client: Client
) -> None:
    set_up(els)
    old_phone = after_the_password(els)
    sofie_client.post(reset(els), agreed_by(lies))
    assert old_phone.get(APP).headers["Location"].startswith("/counter/sign-in/?")


def test_nobody_resets_their_own(sofie: Clerk, sofie_client: Client) -> None:
    set_up(sofie)
    assert LINK not in sofie_client.get(page(sofie)).content
    assert sofie_client.get(reset(sofie)).status_code == 403
    assert sofie_client.post(reset(sofie)).status_code == 403
    assert SecondFactor.objects.filter(pk=sofie.pk).exists()


def test_only_a_superuser_resets_a_superusers(
    office: Office, sofie_client: Client
) -> None:
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD, office=office)
    set_up(boss)
    assert sofie_client.post(reset(boss)).status_code == 403
    assert SecondFactor.objects.filter(pk=boss.pk).exists()


def test_another_offices_supervisor_finds_nobody(
    els: Clerk, other_office: Office
) -> None:
    set_up(els)
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    client = signed_in(lies)
    assert client.post(reset(els)).status_code == 404
    assert SecondFactor.objects.filter(pk=els.pk).exists()


def test_without_an_app_there_is_nothing_to_reset(
    els: Clerk, sofie_client: Client
) -> None:
    answer = sofie_client.post(reset(els), follow=True)
    assert b"has no app set up" in answer.content
    both = (Event.SECOND_FACTOR_RESET, Event.SECOND_FACTOR_RESET_WITH)
    resets = JournalEntry.objects.filter(event__in=both)
    assert not resets.exists()


def test_another_form_from_elsewhere_resets_nothing(els: Clerk, sofie: Clerk) -> None:
    set_up(els)
    client = Client(enforce_csrf_checks=True)
    client.force_login(sofie)
    assert client.post(reset(els)).status_code == 403
    assert SecondFactor.objects.filter(pk=els.pk).exists()


def test_the_command_is_for_the_last_supervisor(sofie: Clerk) -> None:
    set_up(sofie)
    output = StringIO()
    call_command("reset_second_factor", "sofie", stdout=output)
    assert "sofie sets up an app" in output.getvalue()
    assert not SecondFactor.objects.exists()
    entry = JournalEntry.objects.get(event=Event.SECOND_FACTOR_RESET)
    assert (entry.actor_kind, entry.office) == ("system", sofie.office)
    sofie.refresh_from_db()
    assert sofie.sign_in.session_epoch == 1


@pytest.mark.parametrize(
    ("name", "error"), [("sofie", "has no app"), ("nobody", "Nobody is called")]
)
def test_the_command_says_what_it_cannot_do(
    sofie: Clerk, name: str, error: str
) -> None:
    with pytest.raises(CommandError, match=error):
        call_command("reset_second_factor", name)
