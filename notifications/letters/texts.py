"""What a person reads: one function a mail, one text file a language.

The words stand in ``templates/notifications/<mail>/<language>.txt``, to be read
aloud: the first line is the subject, an empty line starts a paragraph. The Dutch
text comes first and complete, the chosen language under it as a marked
translation (docs/domain.md#language-of-what-is-sent). The HTML part shows the same
words as the text part.

Pure rendering: plain values in, a message out. A mail carries the link or a
one-time code, and never the activation code, which is on paper.
"""

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from django.template import Context, Engine
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_variables

from activation.letters.wording import (
    DUTCH,
    TRANSLATION_HEADINGS,
    OfficeContact,
    check_language,
    one_line,
    written_date,
    written_time,
)

ONE_TIME_CODE_MINUTES: Final = 10
# What one SMS holds in the GSM 03.38 alphabet; a longer one is sent, and paid, twice.
SMS_LENGTH: Final = 160
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_RULE: Final = "-" * 40


@dataclasses.dataclass(frozen=True)
class Message:
    """A mail without its addresses; its representation leaves the secrets out."""

    subject: str
    text: str = dataclasses.field(repr=False)
    html: str = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True)
class _Paragraph:
    """One paragraph; of ``link``, ``aside`` and ``code`` at most one is set, with its
    label. ``aside`` is a link that few need: no button, to be missed by a hasty tap.
    """

    lines: tuple[str, ...]
    label: str = ""
    link: str = ""
    aside: str = ""
    code: str = ""


@dataclasses.dataclass(frozen=True)
class _Part:
    """The whole mail in one language; ``heading`` marks a translation."""

    language: str
    heading: str
    subject: str
    paragraphs: tuple[_Paragraph, ...]


@sensitive_variables()
def activation_link(
    *,
    name: str,
    link: str,
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
    link: str,
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
    link: str = "",
    user_names: Sequence[str] = (),
) -> Message:
    """Send the six digits; they are not in the subject, which a locked phone shows.

    For a forgotten password a ``link`` stands beside them, and alone when they are no
    longer good, and ``user_names`` are those of the mailbox: of several accounts the
    mail is for each, and ``name`` is empty.

    ``purpose`` is an activation.enums.Purpose: what the digits are for is said, so that
    who is talked into giving them away sees that they are for something else.
    """
    values = {"code": code, "purpose": purpose, "link": link, "user_names": user_names}
    return mail(
        "one_time_code",
        language,
        name=name,
        minutes=ONE_TIME_CODE_MINUTES,
        office=office,
        **values,
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
    """Write the six digits as one SMS: Dutch, the office's name, the translation.

    All of it when it fits in one SMS; else without the name, which is only a
    courtesy; else without the translation.
    """
    values = {"code": code, "purpose": purpose, "minutes": minutes}
    dutch = _text("one_time_code_sms", DUTCH, values)
    with_name = f"{dutch} {_gsm(one_line(office.name))}".rstrip()
    if check_language(language) == DUTCH:
        choices = [with_name]
    else:
        translation = _text("one_time_code_sms", language, values)
        choices = [f"{with_name}\n{translation}", f"{dutch}\n{translation}", with_name]
    return next((sms for sms in choices if len(sms) <= SMS_LENGTH), dutch)


@sensitive_variables()
def key_activated(
    *,
    name: str,
    kind: str,
    valid_until: datetime.date,
    language: str,
    office: OfficeContact,
) -> Message:
    """Confirm a key. ``kind`` is app, sms or email; ``valid_until`` its last date."""
    return mail(
        "key_activated",
        language,
        name=name,
        valid_until=valid_until,
        office=office,
        kind=kind,
    )


@sensitive_variables()
def key_expiry_reminder(
    *, name: str, valid_until: datetime.date, language: str, office: OfficeContact
) -> Message:
    """Tell of a key that ends on ``valid_until`` (90 and 30 days before)."""
    return mail(
        "key_expiry_reminder",
        language,
        name=name,
        valid_until=valid_until,
        office=office,
    )


@sensitive_variables()
def holder_changed(
    *,
    name: str,
    what: str,
    kind: str,
    at: datetime.datetime,
    link: str,
    language: str,
    office: OfficeContact,
) -> Message:
    """Tell of a change in an account, or of a sign-in from a new device.

    ``what`` is an activation.enums.Change, ``kind`` of which key; ``at`` in Brussels;
    ``link`` leads to the holder's own page and opens nothing.
    """
    values = {"what": what, "kind": kind, **moment(at)}
    return mail(
        "holder_changed", language, name=name, link=link, office=office, **values
    )


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
    asked = _part(
        "enquiry",
        DUTCH,
        {
            "name": name,
            "email": email,
            "page_language": page_language,
            **moment(received_at),
        },
    )
    said = tuple(
        _Paragraph(
            tuple(one_line(line, limit=len(text)) for line in block.splitlines())
        )
        for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    )
    part = dataclasses.replace(asked, paragraphs=asked.paragraphs + said)
    return _message([part])


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


def moment(at: datetime.datetime) -> dict[str, object]:
    """`day` and `time` of a text, for an instant in Brussels."""
    return {"day": at.date(), "time": at.time()}


@sensitive_variables()
def mail(text: str, language: str, /, **values: object) -> Message:
    """One mail by the name of its texts: Dutch, and the translation under it."""
    parts = [_part(text, DUTCH, values)]
    if check_language(language) != DUTCH:
        parts.append(_part(text, language, values))
    return _message(parts)


@sensitive_variables()
def _message(parts: list[_Part]) -> Message:
    subject = " / ".join(part.subject for part in parts)
    return Message(
        subject=subject,
        text=f"\n\n{_RULE}\n".join(_plain(part) for part in parts) + "\n",
        html=render_to_string(
            "notifications/_mail.html", {"title": subject, "parts": parts}
        ),
    )


@sensitive_variables()
def _part(mail: str, language: str, values: dict[str, object]) -> _Part:
    first_line, *blocks = _text(mail, language, values).split("\n\n")
    return _Part(
        language=language,
        heading="" if language == DUTCH else TRANSLATION_HEADINGS[language],
        subject=one_line(first_line.partition(":")[2]),
        paragraphs=tuple(
            _paragraph(block, _clean(values.get("link")), _clean(values.get("code")))
            for block in blocks
        ),
    )


@sensitive_variables()
def _paragraph(block: str, link: object, code: object) -> _Paragraph:
    """Read one paragraph; a line that is exactly the link or the code stands out."""
    lines = tuple(block.split("\n"))
    label = lines[0].rstrip(":\N{NO-BREAK SPACE} ")
    match lines:
        case (_, str(second)) if second == link:
            return _Paragraph(lines, label=label, link=second)
        case (_, str(second)) if link and second.startswith(str(link)):
            return _Paragraph(lines, label=label, aside=second)
        case (_, str(second)) if second == code:
            return _Paragraph(lines, label=label, code=second)
    return _Paragraph(lines)


def _plain(part: _Part) -> str:
    blocks = ["\n".join(paragraph.lines) for paragraph in part.paragraphs]
    if part.heading:
        blocks.insert(0, f"Vertaling / {part.heading}")
    return "\n\n".join(blocks)


@sensitive_variables()
def _text(mail: str, language: str, values: dict[str, object]) -> str:
    """Fill in one language's text file. Plain text: the HTML part escapes it whole."""
    template = Engine.get_default().get_template(f"notifications/{mail}/{language}.txt")
    filled = {name: _clean(value, language) for name, value in values.items()}
    return template.render(Context(filled, autoescape=False)).strip()


def _clean(value: object, language: str = DUTCH) -> object:
    """Write dates and times out; other text on one line, so it can start no other."""
    match value:
        case datetime.date():
            return written_date(value, language)
        case datetime.time():
            return written_time(value, language)
        case str():
            return one_line(value, limit=1000)
        case OfficeContact():
            return OfficeContact(
                **{
                    name: one_line(text)
                    for name, text in dataclasses.asdict(value).items()
                }
            )
    return value


def _gsm(text: str) -> str:
    """Write ``text`` in the SMS alphabet, an unknown accent taken off its letter."""
    return "".join(
        character if character in _GSM else _ascii(character) for character in text
    )


def _ascii(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)
    return plain.encode("ascii", "ignore").decode()
