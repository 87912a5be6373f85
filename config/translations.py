"""Compile the translations: `.po` files are in the repository, `.mo` files are not.

`python -m config.translations` needs Babel only, no gettext on the machine.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
APPS = ("localrun", "config", "counter", "payments", "activation", "notifications")

# Staff screens are in Dutch and English; French and German are for applicants.
STAFF_LANGUAGES = ("nl",)
STAFF_ONLY = (
    "activation/admin.py",
    "activation/apps.py",
    "activation/models/",
    "activation/addresses/changed_addresses.py",
    "activation/addresses/same_visit.py",
    "activation/addresses/settling.py",
    "activation/addresses/waiting.py",
    "activation/codes/issuing.py",
    "activation/codes/reissuing.py",
    "activation/desk/",
    "config/",
    "counter/",
    "localrun/",
    "notifications/",
    "payments/",
    "templates/activation/desk/",
    "templates/admin/",
    "templates/counter/",
    "templates/layouts/action.html",
    "templates/layouts/desk.html",
    "templates/local/",
    "templates/notifications/desk/decide_mail.html",
    "templates/payments/",
)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_TAG = re.compile(r"<[^>]*>")


class TranslationError(Exception):
    """A `.po` file cannot be read; the message names the file and the line."""


def compile_translations(locale: Path = LOCALE) -> list[Path]:
    """Compile each `.mo` file that is missing or older than its `.po`; returns them.

    Raises TranslationError if a `.po` file cannot be parsed.
    """
    compiled = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        newest = source.stat().st_mtime
        if target.exists() and target.stat().st_mtime >= newest:
            continue
        language = source.parent.parent.name
        with source.open("rb") as text:
            try:
                catalogue = read_po(text, locale=language, abort_invalid=True)
            except PoFileError as error:
                raise TranslationError(f"{source}: {error}") from None
        # The file is renamed into place, so a server that starts now never reads half a
        # file.
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with draft.open("wb") as binary:
            write_mo(binary, catalogue)
        draft.replace(target)
        compiled.append(target)
    return compiled


def _is_needed(message: Message, language: str) -> bool:
    """Whether a text must be translated to this language: staff texts to Dutch only."""
    if language in STAFF_LANGUAGES:
        return True
    return not all(path.startswith(STAFF_ONLY) for path, _line in message.locations)


def _read(source: Path) -> Catalog:
    with source.open("rb") as text:
        return read_po(text)


def _texts_of(message: Message) -> list[str]:
    """The translation, or one for each plural form; an empty text when missing."""
    if isinstance(message.string, str):
        return [message.string]
    return list(message.string or [""])


def untranslated(locale: Path = LOCALE) -> list[str]:
    """Texts that are not translated or are marked as fuzzy, one line each."""
    lacking = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        language = source.parent.parent.name
        for message in _read(source):
            lacks = message.fuzzy or not all(_texts_of(message))
            if message.id and lacks and _is_needed(message, language):
                lacking.append(f"{source}:{message.lineno}: {message.id!r}")
    return lacking


def straight_apostrophes(locale: Path = LOCALE) -> list[str]:
    """French texts with the straight apostrophe instead of U+2019, one line each.

    Apostrophes inside of HTML tags are allowed.
    """
    source = locale / "fr" / "LC_MESSAGES" / "django.po"
    return [
        f"{source}:{message.lineno}: {text!r}"
        for message in _read(source)
        if message.id
        for text in _texts_of(message)
        if "'" in _TAG.sub("", text)
    ]


def texts_in(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Every text that code and templates pass to gettext, with its file."""
    sources = [path for app in APPS for path in sorted((root / app).rglob("*.py"))]
    for path in [*sources, *sorted((root / "templates").rglob("*.html"))]:
        code = path.read_text()
        if path.suffix == ".html":
            # Inside of brackets, Python ignores the indentation that is left from the
            # HTML.
            code = f"({templatize(code)})"
        messages = extract("python", io.BytesIO(code.encode()), KEYWORDS)
        for _line, text, _comments, _context in messages:
            yield path, text if isinstance(text, str) else text[0]


def not_gathered(locale: Path = LOCALE, root: Path = ROOT) -> list[str]:
    """Texts that `make messages` would add to the Dutch catalogue, one line each."""
    known = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in _read(locale / "nl" / "LC_MESSAGES" / "django.po")
    }
    return [
        f"{path.relative_to(root)}: {text!r}"
        for path, text in texts_in(root)
        if text and text not in known
    ]


def main() -> int:
    """Compile; with --check, fail when a text is not gathered, translated or spelt."""
    try:
        for path in compile_translations():
            print(f"compiled {path}")
    except TranslationError as error:
        print(f"A translation cannot be compiled: {error}", file=sys.stderr)
        return 1
    if "--check" not in sys.argv:
        return 0
    missing, misspelt = [*not_gathered(), *untranslated()], straight_apostrophes()
    for line in [*missing, *misspelt]:
        print(line, file=sys.stderr)
    if missing:
        print(f"{len(missing)} texts have no translation yet.", file=sys.stderr)
    if misspelt:
        print(
            f"{len(misspelt)} French texts have a straight apostrophe.", file=sys.stderr
        )
    return 1 if missing or misspelt else 0


if __name__ == "__main__":
    sys.exit(main())
