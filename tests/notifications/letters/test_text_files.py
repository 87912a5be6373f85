"""The files of mails: one for each language, and for each thing a mail can say."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from activation.enums import Change, Purpose
from counter.enums import AccountAct
from tests.notifications.letters.mails import (
    LANGUAGES,
    MAILS,
    activation_link,
    holder_changed,
)

TEXTS = Path(settings.BASE_DIR) / "templates" / "notifications" / "letters"
FILES = sorted(TEXTS.rglob("*.txt"))


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(TEXTS).with_suffix("").as_posix()
)
def test_no_number_or_price_is_written_into_a_text(path: Path) -> None:
    """Numbers and prices are the office's, and change."""
    text = re.sub(r"{%.*?%}", "", path.read_text())

    assert not re.search(r"\d", text)
    assert "€" not in text
    assert "EUR" not in text


def filled_in(path: Path) -> list[str]:
    """The names of the variables in a text, sorted, each as often as it is there."""
    return sorted(re.findall(r"{{\s*([a-z_.]+)", path.read_text()))


@pytest.mark.parametrize(
    "path",
    # A text message in another language has a sentence and no second set of digits.
    [path for path in FILES if "sms" not in path.parent.parent.name],
    ids=lambda path: path.relative_to(TEXTS).with_suffix("").as_posix(),
)
def test_each_language_names_what_the_dutch_text_names(path: Path) -> None:
    """Such as the office's name: nobody can look up an office called "the city"."""
    assert filled_in(path) == filled_in(path.with_name("nl.txt"))


def languages_by_mail() -> dict[str, set[str]]:
    """The languages in each folder, which is a mail, or a thing that a mail can say."""
    by_mail: dict[str, set[str]] = {}
    for path in FILES:
        mail = path.parent.relative_to(TEXTS).as_posix()
        by_mail.setdefault(mail, set()).add(path.stem)
    return by_mail


#: Mails that say one of several things, each of which has a folder.
SAYS_ONE_OF = {
    "holder_changed": set(Change.values),
    "one_time_code": set(Purpose.values),
    "one_time_code_sms": set(Purpose.values),
    "account_changed": set(AccountAct.values),
}


@pytest.mark.parametrize("mail", SAYS_ONE_OF)
def test_each_thing_that_a_mail_says_has_a_text_in_its_languages(mail: str) -> None:
    staffs = mail == "account_changed"
    by_mail = languages_by_mail()
    assert {
        name.partition("/")[2]: languages
        for name, languages in by_mail.items()
        if name.startswith(f"{mail}/")
    } == dict.fromkeys(SAYS_ONE_OF[mail], {"nl", "en"} if staffs else set(LANGUAGES))


@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_about_an_account_says_one_thing(language: str, change: Change) -> None:
    kind = "sms" if change.startswith("key_") else ""
    text = holder_changed(language, change=change, kind=kind).text
    others = {
        holder_changed(language, change=other, kind="sms").text
        for other in Change
        if other != change
    }
    assert text not in others
    assert "\n\n\n" not in text
    assert "\\" not in text


def test_a_name_cannot_draw_the_next_line_to_its_own() -> None:
    """In the files, a line that ends with a backslash goes on in the next one."""
    read = activation_link("nl", name="Els\\").text
    assert read.startswith("Beste Els\n\n")


def test_every_mail_has_every_language() -> None:
    by_mail = {
        mail: languages
        for mail, languages in languages_by_mail().items()
        if "/" not in mail
    }

    # These go to the office, which reads Dutch.
    for mail in ("enquiry", "not_mine", "address_objected", "journal_head"):
        assert by_mail.pop(mail) == {"nl"}
    # Staff read Dutch or English.
    for mail in ("staff_invited", "staff_password", "account_changed"):
        assert by_mail.pop(mail) == {"nl", "en"}
    # MAILS lacks the mail to an old address, which names nobody, and an answer, which
    # is in one language.
    assert len(by_mail) == len(MAILS) + 2
    assert all(languages == set(LANGUAGES) for languages in by_mail.values())
