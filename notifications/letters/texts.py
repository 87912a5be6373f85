"""The text of each mail, one function a mail; `composing` says where the templates are.

The Dutch text comes first and complete, the chosen language under it as a marked
translation (docs/domain.md#language-of-what-is-sent).

The functions only render: they take plain values and return a message. A mail contains
the link or a one-time code, and never the activation code, which is on paper.
"""

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from django.views.decorators.debug import sensitive_variables

from activation.letters.wording import DUTCH, OfficeContact, check_language, one_line
from notifications.letters.composing import (
    Link,
    Message,
    Paragraph,
    fill_in,
    mail,
    message_of,
    moment,
    part_in,
)

ONE_TIME_CODE_MINUTES: Final = 10
# So many characters of the GSM 03.38 alphabet fit into one SMS; a longer text is sent,
# and paid, as two.
SMS_LENGTH: Final = 160
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@sensitive_variables()
def activation_link(
    *,
    name: str,
    link: Link,
    last_day: datetime.date,
    language: str,
    office: OfficeContact,
) -> Message:
    """The mail with the link. ``last_day`` is the day before it ends, as on the
    slip.
    """
    return mail(
        "activation_link",
        language,
        name=name,
        link=link,
        last_day=last_day,
        office=office,
    )


@sensitive_variables()
def activation_reminder(
    *,
    name: str,
    days_left: int,
    last_day: datetime.date,
    link: Link,
    language: str,
    office: OfficeContact,
) -> Message:
    """The mail that reminds of a link that is still unused.

    ``days_left`` counts today and ``last_day``: 7 on day 7 and 2 on day 12.
    """
    return mail(
        "activation_reminder",
        language,
        name=name,
        link=link,
        last_day=last_day,
        office=office,
        days_left=days_left,
    )


@sensitive_variables()
def one_time_code_mail(
    *,
    name: str,
    code: str,
    purpose: str,
    language: str,
    office: OfficeContact,
    link: Link = "",
    user_names: Sequence[str] = (),
) -> Message:
    """The mail with the six digits; they are not in the subject, because a locked phone
    shows that.

    For a forgotten password the mail also has a ``link``; when the digits are no longer
    valid, ``code`` is empty and the link stands alone. ``user_names`` are then all
    accounts with this address; if there are several, ``name`` is empty.

    ``purpose`` is an activation.enums.Purpose. The mail says what the digits are for,
    so that somebody who is talked into giving them away sees that they are for
    something else.
    """
    return mail(
        f"one_time_code/{purpose}",
        language,
        name=name,
        code=code,
        link=link,
        user_names=user_names,
        minutes=ONE_TIME_CODE_MINUTES,
        office=office,
    )


@sensitive_variables()
def one_time_code_sms(
    *,
    code: str,
    purpose: str,
    language: str,
    office: OfficeContact,
) -> str:
    """The SMS with the six digits: the office's name, Dutch, and the translation.

    A name that is too long for one SMS is cut, so every SMS says who sent it.
    """
    text = f"one_time_code_sms/{purpose}"
    values = {"code": code, "minutes": ONE_TIME_CODE_MINUTES}
    sms = fill_in(text, DUTCH, values)
    if check_language(language) != DUTCH:
        sms = f"{sms}\n{fill_in(text, language, values)}"
    name = _gsm(one_line(office.name))[: SMS_LENGTH - len(sms) - len(": ")].strip()
    return f"{name}: {sms}" if name else sms


@sensitive_variables()
def enquiry(
    *,
    name: str,
    email: str,
    page_language: str,
    text: str,
    received_at: datetime.datetime,
) -> Message:
    """The mail that brings a question to the office, in Dutch; the question comes last.

    ``received_at`` is in Brussels time. ``text`` is plain text: each line is cleaned,
    and the HTML part escapes it.
    """
    asked = part_in(
        "enquiry",
        DUTCH,
        {
            "name": name,
            "email": email,
            "page_language": page_language,
            **moment(received_at),
        },
    )
    paragraphs = asked.paragraphs + _as_typed(text)
    return message_of([dataclasses.replace(asked, paragraphs=paragraphs)])


@sensitive_variables()
def enquiry_answer(
    *,
    name: str,
    text: str,
    asked: str,
    received_at: datetime.datetime,
    language: str,
    office: OfficeContact,
) -> Message:
    """The office's answer, in the language of the page on which the question was asked.

    A supervisor writes it in one language, so there is no Dutch text above it. ``text``
    and ``asked`` are plain text, as in `enquiry`. ``received_at`` is in Brussels time.
    """
    values = {"name": name, "office": office, **moment(received_at)}
    part = part_in("enquiry_answer", check_language(language), values)
    *greeting, before_question = part.paragraphs
    paragraphs = (*greeting, *_as_typed(text), before_question, *_as_typed(asked))
    answer = dataclasses.replace(part, heading="", paragraphs=paragraphs)
    return message_of([answer], office)


def _as_typed(text: str) -> tuple[Paragraph, ...]:
    """Paragraphs of plain text, each line cleaned."""
    return tuple(
        Paragraph(tuple(one_line(line, limit=len(text)) for line in block.splitlines()))
        for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    )


@sensitive_variables()
def not_mine(*, reference: str, frozen_at: datetime.datetime, link: str) -> Message:
    """The mail that tells the office, in Dutch, that a person did not ask for the key.

    ``frozen_at`` is in Brussels time; ``link`` leads to the dossier's page for staff.
    """
    return mail(
        "not_mine",
        DUTCH,
        reference=reference,
        day=frozen_at.date(),
        time=f"{frozen_at:%H:%M}",
        link=link,
    )


def journal_head(*, head: str, last: int, at: datetime.datetime) -> Message:
    """The mail with the journal's head, which the data-protection officer keeps; in
    Dutch.

    ``at`` is in Brussels time; ``last`` is the number of the last entry under the seal.
    """
    return mail("journal_head", DUTCH, head=head, last=str(last), day=at.date())


def _gsm(text: str) -> str:
    """Write ``text`` in the SMS alphabet; a letter with an unknown accent loses the
    accent.
    """
    return "".join(
        character if character in _GSM else _ascii(character) for character in text
    )


def _ascii(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)
    return plain.encode("ascii", "ignore").decode()
