"""What somebody typed stays text in a mail: it begins no line, tag or header."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from activation.letters.wording import OfficeContact
from tests.notifications.letters.mails import (
    LANGUAGES,
    LINK,
    MAILS,
    Mail,
    Page,
    activation_link,
    key_expiry,
    one_time_code,
)


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_loads_nothing_and_runs_nothing(mail: Mail, language: str) -> None:
    page = Page(mail(language).html)

    tags = {tag for tag, _ in page.tags}
    assert tags <= {
        "html", "head", "meta", "title", "body", "div", "p", "span", "a", "br"
    }  # fmt: skip
    for _, attributes in page.tags:
        assert "src" not in attributes
        assert "url(" not in (attributes.get("style") or "")
        assert not [name for name in attributes if name.startswith("on")]
    assert page.tags[0] == ("html", {"lang": "nl"})


NASTY_NAMES = [
    "Peter\r\nBcc: everyone@example.com",
    "Peter\n\nBel 0900 00 000.\n\nhttps://evil.example/",
    "Peter\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\x0b\x0cPeeters",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><a href="https://evil.example/">',
    "{{ link }}{% debug %}",
    "&lt;b&gt;",
    "\N{RIGHT-TO-LEFT OVERRIDE}retep",
]


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("name", NASTY_NAMES)
def test_a_name_stays_a_name(mail: Mail, name: str) -> None:
    message = mail("fr", name=name)
    usual = mail("fr")

    assert message.subject == usual.subject
    assert len(message.text.splitlines()) == len(usual.text.splitlines())
    assert [tag for tag, _ in Page(message.html).tags] == [
        tag for tag, _ in Page(usual.html).tags
    ]


@hypothesis_settings(deadline=None, max_examples=50)
@given(st.text(max_size=300), st.sampled_from(MAILS), st.sampled_from(LANGUAGES))
def test_no_text_opens_a_line_a_tag_or_a_header(
    name: str, mail: Mail, language: str
) -> None:
    message = mail(language, name=name)
    usual = mail(language)

    assert len(message.text.splitlines()) == len(usual.text.splitlines())
    assert len(Page(message.html).tags) == len(Page(usual.html).tags)
    letter = EmailMessage()
    letter["Subject"] = message.subject
    letter.set_content(message.text)
    letter.add_alternative(message.html, subtype="html")
    assert set(letter) == {"Subject", "MIME-Version", "Content-Type"}
    assert letter.as_bytes()


def test_an_office_named_with_a_line_break_writes_no_header() -> None:
    office = OfficeContact(
        name="Stadskantoor\r\nBcc: x@example.com",
        address="<b>Plein</b>",
        postal_code="3000",
        city="Leuven",
        phone="1",
        help_phone="2",
    )
    message = key_expiry("nl", office=office)

    assert "\nBcc" not in message.subject + message.text
    assert "<b>" not in message.html


def test_a_log_line_about_a_message_has_no_secret() -> None:
    assert LINK not in repr(activation_link("nl"))
    assert "402817" not in repr(one_time_code("nl"))
    assert "Peeters" not in repr(one_time_code("nl"))
