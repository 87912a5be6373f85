"""How the files that browsers load are named on a server: by their content.

A browser keeps a file for ever under such a name, so everything that refers to one has
to know it: templates by `{% static %}`, style sheets by `url()`, and the modules of
static/js by their imports, which Django leaves alone unless it is told.
"""

from typing import Final

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # untyped
    """Compressed, named by content, the imports of JavaScript modules included."""

    support_js_module_import_aggregation: Final = True
