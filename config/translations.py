"""Compile the translations: `.po` files are in the repository, `.mo` files are not.

`python -m config.translations` needs Babel only, no gettext on the machine.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


class TranslationError(Exception):
    """A `.po` file cannot be read; the message names the file and the line."""


def compile_translations(locale: Path = LOCALE) -> list[Path]:
    """Make each `.mo` file that is missing or older than its `.po`; returns them.

    Raises TranslationError, with a sentence, when one cannot be read.
    """
    made = []
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
        # Renamed into place: a server that starts meanwhile never reads half a file.
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with draft.open("wb") as binary:
            write_mo(binary, catalogue)
        draft.replace(target)
        made.append(target)
    return made


def untranslated(locale: Path = LOCALE) -> list[str]:
    """What still lacks a translation or awaits a look, one line each."""
    found = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as text:
            for message in read_po(text):
                texts = (
                    [message.string]
                    if isinstance(message.string, str)
                    else (message.string or [""])
                )
                if message.id and (message.fuzzy or not all(texts)):
                    found.append(f"{source}:{message.lineno}: {message.id!r}")
    return found


def main() -> int:
    """Compile; with --check, fail when a translation is missing."""
    try:
        for path in compile_translations():
            print(f"compiled {path}")
    except TranslationError as error:
        print(f"A translation cannot be compiled: {error}", file=sys.stderr)
        return 1
    missing = untranslated() if "--check" in sys.argv else []
    for line in missing:
        print(line, file=sys.stderr)
    if missing:
        print(f"{len(missing)} texts have no translation yet.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
