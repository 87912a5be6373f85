"""A request is being answered while another tab ends or locks the session."""

import datetime
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from counter.dossiers import drafts
from counter.models import Clerk, Draft
from tests import cast
from tests.litany import signed_in

DESK = reverse("counter_desk:desk")
LOCK = reverse("counter_sign_in:lock")
SIGN_OUT = reverse("counter_sign_in:sign_out")
RECORD = reverse("counter_dossiers:record_applicant")
SAVE = reverse("counter_dossiers:save_draft")
TYPED = {"submission": str(uuid.uuid4()), "last_name": "Van den Ælst"}
NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)


@pytest.fixture
def tab(els: Clerk) -> Iterator[Client]:
    """A browser that was quiet for so long that its next request saves the session."""
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(els)
        client.get(DESK)
        clock.shift(datetime.timedelta(seconds=40))
        yield client


@pytest.fixture
def other_tab(tab: Client) -> Client:
    client = Client()
    for name, morsel in tab.cookies.items():
        client.cookies[name] = morsel.value
    return client


@pytest.fixture
def while_a_draft_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[], object]], None]:
    """A function: its argument is called after a draft arrives, before it is saved."""
    save = drafts.save

    def during(act: Callable[[], object]) -> None:
        def slowly(**draft: Any) -> Draft | None:
            act()
            return save(**draft)

        monkeypatch.setattr(drafts, "save", slowly)

    return during


def test_a_draft_on_its_way_does_not_open_the_locked_screen_again(
    tab: Client,
    other_tab: Client,
    while_a_draft_is_kept: Callable[[Callable[[], object]], None],
) -> None:
    while_a_draft_is_kept(lambda: other_tab.post(LOCK, {"next": DESK}))
    tab.post(SAVE, TYPED, headers={"HX-Request": "true"})
    assert Draft.objects.count() == 1
    for browser in (tab, other_tab):
        assert browser.get(DESK).status_code != 200
    other_tab.post(reverse("counter_sign_in:unlock"), {"password": cast.PASSWORD})
    assert other_tab.get(DESK).status_code == 200


@pytest.mark.parametrize("by_script", [True, False])
def test_a_session_that_ended_meanwhile_is_no_error_and_leads_back(
    tab: Client,
    other_tab: Client,
    while_a_draft_is_kept: Callable[[Callable[[], object]], None],
    *,
    by_script: bool,
) -> None:
    while_a_draft_is_kept(lambda: other_tab.post(SIGN_OUT))
    page = f"http://testserver{RECORD}"
    if by_script:
        headers = {"HX-Request": "true", "HX-Current-URL": page}
        answer = tab.post(SAVE, TYPED, headers=headers)
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, RECORD)
    else:
        answer = tab.post(SAVE, TYPED, headers={"Referer": page})
        assert (answer.status_code, answer.headers["Location"]) == (303, RECORD)
    assert Draft.objects.count() == 1
    assert tab.get(RECORD).status_code == 302


def test_without_a_word_of_its_page_it_leads_to_the_desk(
    tab: Client,
    other_tab: Client,
    while_a_draft_is_kept: Callable[[Callable[[], object]], None],
) -> None:
    while_a_draft_is_kept(lambda: other_tab.post(SIGN_OUT))
    answer = tab.post(SAVE, TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
    assert Draft.objects.count() == 1
    assert tab.get(DESK).status_code == 302


@pytest.mark.parametrize("page", ["abc", "..", "a.b", "%zz", "http://testserver/abc"])
def test_an_invented_word_of_its_page_leads_to_the_desk_as_well(
    tab: Client,
    other_tab: Client,
    while_a_draft_is_kept: Callable[[Callable[[], object]], None],
    page: str,
) -> None:
    while_a_draft_is_kept(lambda: other_tab.post(SIGN_OUT))
    answer = tab.post(SAVE, TYPED, headers={"Referer": page})
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)
