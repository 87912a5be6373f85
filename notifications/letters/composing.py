"""How a text becomes a mail: fill it in, lay it out, in plain text and in HTML.

The words stand in ``templates/notifications/<mail>/<language>.txt``, to be read
aloud: the first line is the subject, an empty line starts a paragraph, and a line that
ends in a backslash goes on in the next one. Where a mail says one of several things,
each has a text of its own, ``<mail>/<what>/<language>.txt``, that fills the blocks of
the mail's. The HTML part shows the same words as the text part.
"""

import dataclasses
import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.template import Context, Engine
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_variables

from activation.enums import KeyKind
from activation.letters.wording import (
    DUTCH,
    TRANSLATION_HEADINGS,
    Notice,
    OfficeContact,
    check_language,
    one_line,
    written_date,
    written_time,
)
from notifications.letters.key_words import key_words

_RULE: Final = "-" * 40
_GOES_ON: Final = re.compile(r"(?: *\\\n *)+")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d) (?=\d)")

#: A link, or the same page's in each language of the mail: a Dutch button opens the
#: Dutch page.
type Link = str | Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Message:
    """A mail without its address; its representation leaves the secrets out.

    `sender` is the name that it comes from and `reply_to` where answers go: those of
    the office it is about, empty when it is about none.
    """

    subject: str
    text: str = dataclasses.field(repr=False)
    html: str = dataclasses.field(repr=False)
    sender: str = ""
    reply_to: str = ""


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """One paragraph; of ``link``, ``aside`` and ``code`` at most one is set, with its
    label. ``aside`` is a link that few need: no button, to be missed by a hasty tap.
    """

    lines: tuple[str, ...]
    label: str = ""
    link: str = ""
    aside: str = ""
    code: str = ""

    @property
    def unbroken_lines(self) -> tuple[str, ...]:
        """The lines for a screen: no telephone number is parted at its spaces."""
        return tuple(
            _BETWEEN_DIGITS.sub("\N{NO-BREAK SPACE}", line) for line in self.lines
        )


@dataclasses.dataclass(frozen=True)
class Part:
    """The whole mail in one language; ``heading`` marks a translation, and
    ``notices`` stand below everything else.
    """

    language: str
    heading: str
    subject: str
    paragraphs: tuple[Paragraph, ...]
    notices: tuple[Notice, ...] = ()


def moment(at: datetime.datetime) -> dict[str, object]:
    """`day` and `time` of a text, for an instant in Brussels."""
    return {"day": at.date(), "time": at.time()}


@sensitive_variables()
def mail(text: str, language: str, /, **values: object) -> Message:
    """One mail by the name of its texts: Dutch, and the translation under it."""
    parts = [part_in(text, DUTCH, values)]
    if check_language(language) != DUTCH:
        parts.append(part_in(text, language, values))
    office = values.get("office")
    return message_of(parts, office if isinstance(office, OfficeContact) else None)


def in_each(language: str, make: Callable[[str], str]) -> Link:
    """What `make` returns for Dutch and for the mail's language, by language."""
    return {spoken: make(spoken) for spoken in dict.fromkeys((DUTCH, language))}


@sensitive_variables()
def message_of(parts: list[Part], office: OfficeContact | None = None) -> Message:
    """The parts as one mail; `office` is named at its head and gets the answers."""
    if office:
        parts = [_with_notices(part, office) for part in parts]
    subject = " / ".join(part.subject for part in parts)
    sender = _one_line(office.name) if office else ""
    return Message(
        subject=subject,
        text=f"\n\n{_RULE}\n".join(_plain(part) for part in parts) + "\n",
        html=render_to_string(
            "notifications/letters/_mail.html",
            {"title": subject, "sender": sender, "parts": parts},
        ),
        sender=sender,
        reply_to=office.email if office else "",
    )


@sensitive_variables()
def _with_notices(part: Part, office: OfficeContact) -> Part:
    here = tuple(
        notice for notice in office.notices if notice.language == part.language
    )
    return dataclasses.replace(part, notices=here)


@sensitive_variables()
def part_in(mail: str, language: str, values: dict[str, object]) -> Part:
    values = {name: _in(language, value) for name, value in values.items()}
    first_line, *blocks = fill_in(mail, language, values).split("\n\n")
    return Part(
        language=language,
        heading="" if language == DUTCH else TRANSLATION_HEADINGS[language],
        subject=one_line(first_line.partition(":")[2]),
        paragraphs=tuple(
            _paragraph(block, _clean(values.get("link")), _clean(values.get("code")))
            for block in blocks
        ),
    )


def _in(language: str, value: object) -> object:
    return value[language] if isinstance(value, Mapping) else value


@sensitive_variables()
def _paragraph(block: str, link: object, code: object) -> Paragraph:
    """Read one paragraph; a line that is exactly the link or the code stands out."""
    lines = tuple(block.split("\n"))
    label = lines[0].rstrip(":\N{NO-BREAK SPACE} ")
    match lines:
        case (_, str(second)) if second == link:
            return Paragraph(lines, label=label, link=second)
        case (_, str(second)) if link and second.startswith(str(link)):
            return Paragraph(lines, label=label, aside=second)
        case (_, str(second)) if second == code:
            return Paragraph(lines, label=label, code=second)
    return Paragraph(lines)


def _plain(part: Part) -> str:
    blocks = ["\n".join(paragraph.lines) for paragraph in part.paragraphs]
    blocks += [f"{notice.label}\n{notice.address}" for notice in part.notices]
    if part.heading:
        blocks.insert(0, f"Vertaling / {part.heading}")
    return "\n\n".join(blocks)


@sensitive_variables()
def fill_in(mail: str, language: str, values: dict[str, object]) -> str:
    """Fill in one language's text file. Plain text: the HTML part escapes it whole."""
    name = f"notifications/letters/{mail}/{language}.txt"
    template = Engine.get_default().get_template(name)
    filled = {key: _clean(value, language) for key, value in values.items()}
    return _laid_out(template.render(Context(filled, autoescape=False)))


def _laid_out(text: str) -> str:
    """Join the lines that go on, and part paragraphs by one empty line."""
    lines = (line.strip() for line in _GOES_ON.sub(" ", text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _clean(value: object, language: str = DUTCH) -> object:
    """Write dates, times and kinds of keys out; other text on one line of its own."""
    match value:
        case KeyKind():
            return key_words(value, language)
        case datetime.date():
            return written_date(value, language)
        case datetime.time():
            return written_time(value, language)
        case str():
            return _one_line(value, limit=1000)
        case OfficeContact():
            texts: dict[str, Any] = {
                name: _one_line(text)
                for name, text in vars(value).items()
                if isinstance(text, str)
            }
            return dataclasses.replace(value, **texts)
    return value


def _one_line(text: str, *, limit: int = 200) -> str:
    """Put typed text on one line: it can neither begin a line nor continue one."""
    return one_line(text, limit=limit).rstrip("\\")
