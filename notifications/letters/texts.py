"""What a person reads: one function a mail (composing has where its words stand).

The Dutch text comes first and complete, the chosen language under it as a marked
translation (docs/domain.md#language-of-what-is-sent).

Pure rendering: plain values in, a message out. A mail carries the link or a
one-time code, and never the activation code, which is on paper.
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
# What one SMS holds in the GSM 03.38 alphabet; a longer one is sent, and paid, twice.
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
    """Send the link. ``last_day`` is the day before it ends, as on the slip."""
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
    """Remind of a link that is still unused.

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
    """Send the six digits; they are not in the subject, which a locked phone shows.

    For a forgotten password a ``link`` stands beside them, and alone when they are no
    longer good, and ``user_names`` are those of the mailbox: of several accounts the
    mail is for each, and ``name`` is empty.

    ``purpose`` is an activation.enums.Purpose: what the digits are for is said, so that
    who is talked into giving them away sees that they are for something else.
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
    minutes: int = ONE_TIME_CODE_MINUTES,
) -> str:
    """Write the six digits as one SMS: the office's name, Dutch, the translation.

    A name that is too long for one SMS is cut, so that every text says who sent it.
    """
    text = f"one_time_code_sms/{purpose}"
    values = {"code": code, "minutes": minutes}
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
    """Bring somebody's question to the office, in Dutch: its own words come last.

    ``received_at`` in Brussels. ``text`` is plain and stays so: each line is cleaned,
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
    """The office's answer in the one language of the page that was written from.

    A supervisor writes it in one language, so no Dutch stands above it. ``text`` and
    ``asked`` are plain and stay so, as in `enquiry`. ``received_at`` in Brussels.
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
    """Tell the office, in Dutch, that a person did not ask for the key.

    ``frozen_at`` in Brussels; ``link`` leads to the dossier, for who signs in there.
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
    """Give the data-protection officer the journal's head to keep, in Dutch.

    ``at`` in Brussels; ``last`` is the number of the last entry under the seal.
    """
    return mail("journal_head", DUTCH, head=head, last=str(last), day=at.date())


def _gsm(text: str) -> str:
    """Write ``text`` in the SMS alphabet, an unknown accent taken off its letter."""
    return "".join(
        character if character in _GSM else _ascii(character) for character in text
    )


def _ascii(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)
    return plain.encode("ascii", "ignore").decode()
