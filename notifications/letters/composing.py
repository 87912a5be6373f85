"""Make a mail from its text template, as plain text and as HTML.

The texts are in ``templates/notifications/letters/<mail>/<language>.txt``, written so
that they can be read aloud: the first line is the subject, an empty line starts a
paragraph, and a line that ends in a backslash goes on in the next one. If a mail has
several variants, each has a template of its own, ``<mail>/<what>/<language>.txt``, that
fills the blocks of the mail's template. The HTML part has the same words as the text
part.
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

#: A link, or one link for each language of the mail: a Dutch button opens the Dutch
#: page.
type Link = str | Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Message:
    """A mail without its recipient; its representation leaves the secrets out.

    `sender` is the name in From and `reply_to` the address for answers: those of the
    office that the mail is about, empty if it is about none.
    """

    subject: str
    text: str = dataclasses.field(repr=False)
    html: str = dataclasses.field(repr=False)
    sender: str = ""
    reply_to: str = ""


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """One paragraph; at most one of ``link``, ``aside`` and ``code`` is set, with its
    label. ``aside`` is a link that few people need: it is no button, so that nobody
    opens it by accident.
    """

    lines: tuple[str, ...]
    label: str = ""
    link: str = ""
    aside: str = ""
    code: str = ""

    @property
    def apart(self) -> str:
        """What is shown apart, below its label; empty for mere text."""
        return self.link or self.aside or self.code

    @property
    def unbroken(self) -> str:
        """The lines for a screen, where no telephone number is broken at its spaces."""
        return _BETWEEN_DIGITS.sub("\N{NO-BREAK SPACE}", "\n".join(self.lines))


@dataclasses.dataclass(frozen=True)
class Part:
    """The whole mail in one language; ``heading`` is set above a translation, and
    ``notices`` come below everything else.
    """

    language: str
    heading: str
    subject: str
    paragraphs: tuple[Paragraph, ...]
    notices: tuple[Notice, ...] = ()


def moment(at: datetime.datetime) -> dict[str, object]:
    """The template variables `day` and `time`, for a datetime in Brussels time."""
    return {"day": at.date(), "time": at.time()}


@sensitive_variables()
def mail(text: str, language: str, /, **values: object) -> Message:
    """Make the mail from the templates with this name: Dutch, and a translation below
    it.
    """
    parts = [part_in(text, DUTCH, values)]
    if check_language(language) != DUTCH:
        parts.append(part_in(text, language, values))
    office = values.get("office")
    return message_of(parts, office if isinstance(office, OfficeContact) else None)


def in_each(language: str, make: Callable[[str], str]) -> Link:
    """The result of `make` for Dutch and for the mail's language, by language."""
    return {spoken: make(spoken) for spoken in dict.fromkeys((DUTCH, language))}


@sensitive_variables()
def message_of(parts: list[Part], office: OfficeContact | None = None) -> Message:
    """Join the parts to one mail; `office` is named as the sender and gets the
    answers.
    """
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
    link, code = _clean(values.get("link")), _clean(values.get("code"))
    return Part(
        language=language,
        heading="" if language == DUTCH else TRANSLATION_HEADINGS[language],
        subject=one_line(first_line.partition(":")[2]),
        paragraphs=tuple(_paragraph(block, link, code) for block in blocks),
    )


def _in(language: str, value: object) -> object:
    return value[language] if isinstance(value, Mapping) else value


@sensitive_variables()
def _paragraph(block: str, link: object, code: object) -> Paragraph:
    """Parse one paragraph; a second line that is the link or the code is shown
    apart.
    """
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
    """Join continued lines, and separate paragraphs by one empty line."""
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
