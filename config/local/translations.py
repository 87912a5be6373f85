"""Compile the translations: `.po` files are in the repository, `.mo` files are not.

`python -m config.local.translations` needs Babel only, no gettext on the machine.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from config.local.processes import ServiceError

LOCALE = Path(__file__).resolve().parent.parent.parent / "locale"


def compile_translations(locale: Path = LOCALE) -> list[Path]:
    """Make each `.mo` file that is missing or older than its `.po`; returns them.

    Raises ServiceError, which names the file and line, when one cannot be read.
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
                raise ServiceError(f"{source}: {error}") from None
        # Renamed into place: a server that starts meanwhile never reads half a file.
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with draft.open("wb") as binary:
            write_mo(binary, catalogue)
        draft.replace(target)
        made.append(target)
    return made


if __name__ == "__main__":
    try:
        for path in compile_translations():
            print(f"compiled {path}")
    except ServiceError as error:
        sys.exit(f"A translation cannot be compiled: {error}")
