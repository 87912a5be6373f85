"""The server's own answers to requests that are malformed, too large or too slow.

They have the same headers as the application's answers and a line in the log, because
the same middleware makes both. They quote nothing of the request.
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from waitress.task import ErrorTask

# counter.web.middleware defines the same type, but needs Django's apps, and gunicorn
# loads its worker before those.
Handler = Callable[[HttpRequest], HttpResponse]

# The middleware of settings.MIDDLEWARE that works without a parsed request.
HEADERS_AND_LOG = (
    "counter.web.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "counter.web.middleware.response_headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def _plain(request: HttpRequest) -> HttpResponse:
    status = str(request.META["refused_with"])
    code = int(status.partition(" ")[0])
    return HttpResponse(f"{status}\n", content_type="text/plain", status=code)


@cache
def _handler() -> Handler:
    handler = _plain
    for name in reversed(HEADERS_AND_LOG):
        handler = import_string(name)(handler)
    return handler


def refuse(status: str) -> HttpResponse:
    """The answer for a status line such as `400 Bad Request`."""
    request = HttpRequest()
    request.path = request.path_info = "/"
    request.META["refused_with"] = status
    if settings.SECURE_PROXY_SSL_HEADER:
        # Treat it as HTTPS: TLS ends at the proxy, and there are no headers to tell it
        # from.
        name, value = settings.SECURE_PROXY_SSL_HEADER
        request.META[name] = value
    return _handler()(request)


class Refusal(ErrorTask):  # type: ignore[misc]
    """waitress' answer to a request that it refuses."""

    def execute(self) -> None:
        error = self.request.error
        answer = refuse(f"{error.code} {error.reason}")
        self.status = f"{answer.status_code} {answer.reason_phrase}"
        self.response_headers.extend(answer.items())
        self.set_close_on_finish()
        self.content_length = len(answer.content)
        self.write(answer.content)
