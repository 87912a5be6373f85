"""Storage of static files: on a server their names contain a hash of their content.

Browsers keep a file with such a name for ever, so everything that refers to one has to
use it: templates by `{% static %}`, style sheets by `url()`, and the modules of
static/js by their imports, which Django rewrites only if it is told to.
"""

from functools import cache
from typing import Any, Final

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Remembering:
    """Caches the addresses of files: a page uses two dozen, and they do not change."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.url = cache(super().url)  # type: ignore[misc] # a storage's


class PlainFiles(_Remembering, StaticFilesStorage):
    """Files under their own names, for environments without `collectstatic`."""


class StaticFiles(_Remembering, CompressedManifestStaticFilesStorage):  # type: ignore[misc] # untyped
    """Compressed files with a hash in the name, and in the imports of JavaScript
    modules.
    """

    support_js_module_import_aggregation: Final = True
