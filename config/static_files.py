"""How the files that browsers load are named on a server: by their content.

A browser keeps a file for ever under such a name, so everything that refers to one has
to know it: templates by `{% static %}`, style sheets by `url()`, and the modules of
static/js by their imports, which Django leaves alone unless it is told.
"""

from functools import cache
from typing import Any, Final

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Remembering:
    """A page names two dozen files, and their addresses stay what they are."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.url = cache(super().url)  # type: ignore[misc] # a storage's


class PlainFiles(_Remembering, StaticFilesStorage):
    """Under their own names, where nothing is collected."""


class StaticFiles(_Remembering, CompressedManifestStaticFilesStorage):  # type: ignore[misc] # untyped
    """Compressed, named by content, the imports of JavaScript modules included."""

    support_js_module_import_aggregation: Final = True
