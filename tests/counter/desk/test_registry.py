"""What apps add to the desk has its own place, in any order of INSTALLED_APPS."""

import re
from dataclasses import dataclass
from itertools import permutations

import pytest
from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.apps import ActivationConfig
from activation.enums import CodeState
from counter.desk import registry
from counter.desk.additions import Contribution, Page, PersonKeys
from counter.desk.dashboard import problems
from counter.enums import DossierState
from counter.models import Applicant, Clerk, Dossier, Enquiry
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.litany import signed_in
from tests.notifications.acts import mail_to

OURS = ("counter", "payments", "activation", "notifications")


def listed(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    """As if INSTALLED_APPS named our apps in this order, before the others."""
    others = [name for name in apps.app_configs if name not in OURS]
    configs: dict[str, AppConfig] = {
        name: apps.app_configs[name] for name in (*names, *others)
    }
    monkeypatch.setattr(apps, "app_configs", configs)


def everything() -> list[object]:
    return [
        registry.problem_lists(),
        registry.day_counts(),
        registry.finders(),
        registry.columns(),
        registry.parts(),
        registry.person_keys(),
        registry.after_recording(),
        *(registry.inlines_under(model) for model in (Dossier, Enquiry, Applicant)),
        registry.filters(),
        registry.doors(),
    ]


def test_the_order_of_installed_apps_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = everything()
    for names in permutations(OURS):
        listed(monkeypatch, names)
        assert everything() == before, names


def refuse_mails() -> None:
    Delivery.objects.update(
        kind=Kind.ACTIVATION_LINK,
        state=DeliveryState.REFUSED,
        refused_at=timezone.now(),
    )


@pytest.mark.usefixtures("english")
def test_what_is_more_pressing_stands_first_on_the_desk(
    dossier: Dossier, els: Clerk
) -> None:
    """A mail that was refused, then a payment without a code, then a locked code."""
    locked, _ = cast.make_code(dossier, els)
    locked.state, locked.locked_at = CodeState.LOCKED, timezone.now()
    locked.save()
    paid = cast.make_dossier(
        cast.make_applicant(cast.MARIE_NUMBER), els, email="a@x.be"
    )
    Dossier.objects.filter(pk=paid.pk).update(
        state=DossierState.PAID, paid_at=timezone.now()
    )
    third = cast.make_applicant(cast.LEILA_NUMBER)
    unreached = cast.make_dossier(third, els, email="b@x.be")
    cast.make_code(unreached, els)
    mail_to(dossier=unreached)
    refuse_mails()
    lines = [
        (problem.dossier, str(problem.label))
        for problem in problems(els, at=timezone.now())
    ]
    assert lines == [
        (unreached, "mail refused"),
        (paid, "paid without a code"),
        (dossier, "code locked"),
    ]


CHANGES = re.compile(
    r'(?:nonce|value|data-token)="[^"]*"|csrfmiddlewaretoken|"X-CSRFToken": "[^"]*"'
)


def test_a_clerk_sees_the_same_pages_however_the_apps_are_listed(
    monkeypatch: pytest.MonkeyPatch, dossier: Dossier, els: Clerk, sofie: Clerk
) -> None:
    cast.make_code(dossier, els)
    mail_to(dossier=dossier)
    refuse_mails()
    desk = reverse("counter_desk:desk")
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    admin = reverse("admin:counter_dossier_change", args=[dossier.pk])
    client, supervisor = signed_in(els), signed_in(sofie)

    def shown(who: Client, url: str) -> str:
        answer = who.get(url)
        assert answer.status_code == 200
        return CHANGES.sub("", answer.content.decode())

    def all_pages() -> list[str]:
        return [shown(client, desk), shown(client, page), shown(supervisor, admin)]

    all_pages()  # The first look of a supervisor is written in the journal.
    before = all_pages()
    for names in (OURS, tuple(reversed(OURS))):
        listed(monkeypatch, names)
        assert all_pages() == before, names


@dataclass(frozen=True)
class Thing:
    order: int
    name: str


def test_two_things_in_the_same_place_are_refused() -> None:
    right = registry.in_order([Thing(20, "b"), Thing(10, "a")])
    assert [thing.name for thing in right] == ["a", "b"]
    with pytest.raises(ImproperlyConfigured, match="same place"):
        registry.in_order([Thing(10, "a"), Thing(10, "b")])


def test_two_apps_that_call_something_by_the_same_name_are_refused(
    monkeypatch: pytest.MonkeyPatch, dossier: Dossier
) -> None:
    page = Page(dossier=dossier, at=timezone.now(), last_entry=0)
    assert {"payment", "code", "last_mail"} <= set(registry.dossier_context(page))
    again = Contribution(dossier_context=lambda _: {"payment": None})
    monkeypatch.setattr(ActivationConfig, "at_the_desk", lambda _: again)
    with pytest.raises(ImproperlyConfigured, match="payment"):
        registry.dossier_context(page)


def test_of_what_there_is_one_of_a_second_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = Contribution(
        person_keys=PersonKeys((), lambda _person, _at: ()),
        after_recording="counter_desk:desk",
    )
    payments = type(apps.get_app_config("payments"))
    monkeypatch.setattr(payments, "at_the_desk", lambda _: both)
    with pytest.raises(ImproperlyConfigured):
        registry.person_keys()
    with pytest.raises(ImproperlyConfigured):
        registry.after_recording()


def test_an_app_that_brings_nothing_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, dossier: Dossier, els: Clerk
) -> None:
    """The desk and a dossier's page also work when no other app adds to them."""
    for name in ("payments", "activation", "notifications"):
        config = type(apps.get_app_config(name))
        monkeypatch.setattr(config, "at_the_desk", lambda _: Contribution())
    client = signed_in(els)
    for url in (
        reverse("counter_desk:desk"),
        reverse("counter_dossiers:dossier", args=[dossier.pk]),
    ):
        shown = client.get(url).content.decode()
        assert dossier.name in shown
        assert "/payments/" not in shown
    assert registry.after_recording() == "counter_dossiers:dossier"
