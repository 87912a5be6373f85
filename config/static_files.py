"""How the files that browsers load are kept on a server: whole, and named by content.

A style sheet in parts is put together when it is collected: a browser asks for a part
only when it has read the sheet that imports it, and shows nothing until it has all.

A browser keeps a file for ever under a name made of its content, so everything that
refers to one has to know that name: templates by `{% static %}`, style sheets by
`url()`, and the modules of static/js by their imports, which Django leaves alone unless
it is told.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

type Collected = dict[str, tuple[Storage, str]]

_PART: Final = re.compile(r'^@import "(?P<part>[\w/.-]+\.css)";$', re.MULTILINE)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # untyped
    """Compressed, sheets whole, named by content, the imports of modules included."""

    support_js_module_import_aggregation: Final = True

    def post_process(
        self, paths: Collected, *args: Any, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        joined = {name: (self, name) for name in paths if self._join_parts(name, paths)}
        yield from super().post_process(paths | joined, *args, **options)

    def _join_parts(self, name: str, paths: Collected) -> bool:
        """Put a collected sheet's parts in their places; False for any other file.

        Raises KeyError for a part that is not there, and ValueError for one that names
        another file: from the sheet's place that would be another one.
        """
        sheet = _read(paths[name]) if name.endswith(".css") else ""
        if not _PART.search(sheet):
            return False

        def part(found: re.Match[str]) -> str:
            place = posixpath.join(posixpath.dirname(name), found["part"])
            text = _read(paths[place])
            if "url(" in text or "@import" in text:
                raise ValueError(f"{place} is a part, and names another file.")
            return text

        self.delete(name)
        self.save(name, ContentFile(_PART.sub(part, sheet).encode()))
        return True


def _read(file: tuple[Storage, str]) -> str:
    storage, path = file
    with storage.open(path) as opened:
        return bytes(opened.read()).decode()
