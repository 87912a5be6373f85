"""The WSGI application that gunicorn serves."""

import os
from typing import Any

import django
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")


class Request(WSGIRequest):
    """A request that can be created whatever its Content-Type header contains.

    Django reads that header before any middleware, outside of the code that turns
    errors into answers: a charset with a NUL in it would make the web server itself
    answer 500.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (BadRequest, ValueError):
            # counter.web.middleware.only_utf8 refuses it, with all headers of a page.
            self.content_type, self.content_params = "", {"charset": "unreadable"}


class Application(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
application = Application()

from counter.checks import refuse_to_serve  # noqa: E402 (it has models)

refuse_to_serve()
