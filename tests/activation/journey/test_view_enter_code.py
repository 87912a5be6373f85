"""Typing the code from the paper."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activation.codes import activation_code
from activation.enums import CodeState
from activation.journey.visit import Visit
from activation.models import ActivationCode
from counter.models import Dossier
from tests.activation.helpers import (
    leads_to,
    link,
    open_link,
    path,
    request_of,
    text_of,
    wrong,
)
from tests.activation.journey.typing_the_code import code_and_text

__all__ = ["code_and_text"]


PAGE = path("enter_code")


@pytest.fixture
def opened(client: Client, code_and_text: tuple[ActivationCode, str]) -> Client:
    """A browser in which the link was opened."""
    open_link(client, code_and_text[0])
    return client


def test_the_page_says_what_to_do(opened: Client) -> None:
    response = opened.get(PAGE)
    page = text_of(response.content)
    assert response.status_code == 200
    assert "Step 1 of 4" in page
    assert "Take the paper that you got at the office" in page
    assert "Give your code to nobody" in page
    assert "016 27 27 27" in page


def test_the_page_is_kept_by_nobody_and_tells_nobody(opened: Client) -> None:
    response = opened.get(PAGE)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_each_language_says_which_one_it_is(opened: Client, language: str) -> None:
    response = opened.get(path("enter_code", language=language))
    assert f'<html lang="{language}"'.encode() in response.content


def test_without_a_link_the_page_asks_for_it(client: Client, office: None) -> None:
    for method in (client.get, client.post):
        response = method(PAGE)
        assert response.status_code == 403
        assert "Open the link in your e-mail" in text_of(response.content)


def test_the_right_code_starts_a_visit(
    opened: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    response = opened.post(PAGE, {"code": text})
    assert response.status_code == 303
    assert leads_to(response) == path("choose_account")
    (visit,) = Visit.load_all(request_of(opened))
    now = visit.started_at
    assert visit == Visit(code.pk, started_at=now, seen_at=now)
    assert timezone.now() - now < timedelta(minutes=1)


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        activation_code.grouped,
        lambda text: f"  {' '.join(text)}  ",
        lambda text: text.replace("0", "O").replace("1", "l"),
        lambda text: text.replace("0", "o").replace("1", "I"),
    ],
    ids=["lower case", "grouped", "spaced", "O and l", "o and I"],
)
def test_it_may_be_written_in_any_way(
    opened: Client, dossier: Dossier, write: Callable[[str], str]
) -> None:
    code = ActivationCode.objects.get()
    # A code with a 0 and a 1 in it.
    for number in range(5000):
        code.nonce = number.to_bytes(32, "big")
        text = activation_code.code_text(code)
        if "0" in text and "1" in text:
            break
    code.save()
    assert opened.post(PAGE, {"code": write(text)}).status_code == 303


def test_a_typing_slip_is_told_at_once_and_costs_nothing(
    opened: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    slip = text[:6] + ("A" if text[6] != "A" else "B") + text[7:]
    response = opened.post(PAGE, {"code": slip.lower()})
    assert response.status_code == 422
    page = response.content.decode()
    assert "There is a typing mistake" in page
    assert "This try does not count" in page
    assert f'value="{activation_code.grouped(slip)}"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Mistake: " in page
    code.refresh_from_db()
    assert code.attempts == 0


@pytest.mark.parametrize(
    ("typed", "sentence", "shown"),
    [
        ("", "Type the code from your paper", ""),
        ("abcd efgh", "You typed 8", "ABCD-EFGH"),
        ("A" * 20, "You typed 20", "AAAA-AAAA-AAAA-AAAAAAAA"),
        ("ABCD-EFGU", "The character U is never in a code", "ABCD-EFGU"),
        ("ABC<EFGH", "The character &lt; is never in a code", "ABC&lt;-EFGH"),
        ("\u0661\u0662\u0663", "You typed 3", "\u0661\u0662\u0663"),
        ("1\u00b23", "is never in a code", "1\u00b23"),
        ("a\x00b", "Null characters", ""),
        ("A" * 5000, "at most 100", ""),
    ],
)
def test_other_slips_are_named_at_the_field(
    opened: Client, typed: str, sentence: str, shown: str
) -> None:
    response = opened.post(PAGE, {"code": typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    if shown:
        assert f'value="{shown}"' in page
    assert ActivationCode.objects.get().attempts == 0


def test_the_tries_left_are_told_in_words(
    opened: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    _, text = code_and_text
    pages = []
    for _turn in range(4):
        response = opened.post(PAGE, {"code": wrong(text)})
        assert response.status_code == 422
        pages.append(text_of(response.content))
    assert [
        f"You can try {count} more times"
        for count, page in zip((4, 3), pages, strict=False)
        if f"You can try {count} more times" in page
    ] == ["You can try 4 more times", "You can try 3 more times"]
    assert "You can try one more time" in pages[3]


def test_the_fifth_wrong_one_locks_and_says_where_to_go(
    opened: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    for _turn in range(5):
        response = opened.post(PAGE, {"code": wrong(text)})
    assert response.status_code == 410
    page = text_of(response.content)
    assert "This code is locked" in page
    assert "Come to the counter for a new code" in page
    code.refresh_from_db()
    assert code.state == CodeState.LOCKED
    # This browser says so again: on a reload, for the right code, from the link.
    for response in (
        opened.get(PAGE),
        opened.post(PAGE, {"code": text}),
        opened.get(link(code)),
    ):
        assert response.status_code == 410
        assert "This code is locked" in text_of(response.content)


def test_elsewhere_a_locked_code_is_a_link_that_does_not_work_like_any_other(
    opened: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    code, text = code_and_text
    elsewhere = Client()
    open_link(elsewhere, code)
    for _turn in range(5):
        opened.post(PAGE, {"code": wrong(text)})
    for response in (
        elsewhere.get(PAGE),
        elsewhere.post(PAGE, {"code": text}),
        elsewhere.get(link(code)),
        Client().get(link(code)),
    ):
        assert response.status_code == 410
        assert "This link no longer works" in text_of(response.content)


def test_a_locked_code_that_was_replaced_is_no_longer_called_locked(
    opened: Client, code_and_text: tuple[ActivationCode, str]
) -> None:
    _code, text = code_and_text
    for _turn in range(5):
        opened.post(PAGE, {"code": wrong(text)})
    ActivationCode.objects.update(state=CodeState.REPLACED, replaced_at=timezone.now())
    page = text_of(opened.get(PAGE).content)
    assert "Then open the link in the newest e-mail" in page


def test_the_code_is_in_no_log_line(
    opened: Client,
    code_and_text: tuple[ActivationCode, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, text = code_and_text
    opened.post(PAGE, {"code": wrong(text)})
    opened.post(PAGE, {"code": text})
    assert caplog.text
    assert text not in caplog.text
    assert wrong(text) not in caplog.text


# Forms of these pages, which send no referrer


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null"}, 303),  # a browser of before 2023
        ({}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
def test_only_our_own_forms_are_taken(
    code_and_text: tuple[ActivationCode, str], headers: dict[str, str], status: int
) -> None:
    code, text = code_and_text
    client = Client(enforce_csrf_checks=True)
    open_link(client, code)
    client.get(PAGE)
    token = client.cookies["visit-csrf"].value
    form = {"code": text, "csrfmiddlewaretoken": token}
    response = client.post(PAGE, form, headers=headers)
    assert response.status_code == status
    assert response["Referrer-Policy"] == "no-referrer"


def test_without_the_token_no_form_is_taken(
    code_and_text: tuple[ActivationCode, str],
) -> None:
    code, text = code_and_text
    client = Client(enforce_csrf_checks=True)
    open_link(client, code)
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    response = client.post(PAGE, {"code": text}, headers=headers)
    assert response.status_code == 403
