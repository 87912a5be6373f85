"""5. The CPU of typing a wrong code, beside a request with one query."""

import io
import os
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from activation.codes import activation_code, links
from activation.models import ActivationCode
from bench.measure import Cost, Figure, Rounds, at_most, cost
from bench.people import Visitors, make_clerk
from bench.web import CSRF
from counter.web.cookie_jars import public_names
from localrun.processes import free_port

ATTEMPTS = 60
TRIES = 4  # the fifth locks the code, which is another page
ANSWERED_WRONG = 422

_application = get_wsgi_application()
_host = f"127.0.0.1:{free_port()}"


def measure() -> list[Figure]:
    visitors = Visitors(make_clerk())
    path, peer = reverse("activation_journey:enter_code"), reverse("bench_one_query")

    def attempts() -> Cost:
        forms = _forms(visitors.with_codes(ATTEMPTS // TRIES))
        return cost(lambda: _attempt(path, *next(forms)), times=ATTEMPTS)

    def queries() -> Cost:
        return cost(lambda: _expect(200, _ask("GET", peer)), times=ATTEMPTS)

    attempts()
    queries()
    rounds = Rounds(attempt=attempts, query=queries)
    return [
        Figure(
            5,
            "activation attempt (wrong code), CPU",
            rounds.ratio("attempt", "query", part="cpu"),
            at_most(3),
            ours=rounds.median("attempt").shown,
            limit=f"request with 1 query: {rounds.median('query').shown}",
            values=rounds.values(),
        )
    ]


def _forms(issued: list[ActivationCode]) -> Iterator[tuple[str, str, str]]:
    """Cookie, network address and a wrong code, made before the clock runs."""
    forms = []
    for place, code in enumerate(issued):
        _, headers = _ask("GET", links.url(code, language="fr").split(_host)[-1])
        cookie = SimpleCookie(dict(headers)["Set-Cookie"])
        linked = "; ".join(f"{key}={morsel.value}" for key, morsel in cookie.items())
        for _ in range(TRIES):
            wrong = activation_code.from_bytes(os.urandom(9))
            forms.append((linked, f"192.0.2.{place}", wrong))
    return iter(forms)


def _attempt(path: str, cookie: str, address: str, typed: str) -> None:
    answer = _ask("POST", path, urlencode({"code": typed}), cookie, address)
    _expect(ANSWERED_WRONG, answer)


def post(path: str, form: dict[str, str], *, expected: int) -> None:
    """Send a form of a page that needs no cookie."""
    _expect(expected, _ask("POST", path, urlencode(form)))


def _expect(status: int, answer: tuple[str, object]) -> None:
    if not answer[0].startswith(f"{status} "):
        raise RuntimeError(f"{answer[0]} instead of {status}")


def _ask(
    method: str, path: str, body: str = "", cookie: str = "", address: str = "127.0.0.1"
) -> tuple[str, list[tuple[str, str]]]:
    """One request through the whole application, without a server around it."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda _part: None

    csrf = f"{public_names()[settings.CSRF_COOKIE_NAME]}={CSRF}"
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.removeprefix(settings.SITE_URL),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": _host.rpartition(":")[2],
        "HTTP_HOST": _host,
        "HTTP_COOKIE": f"{csrf}; {cookie}" if cookie else csrf,
        "HTTP_X_CSRFTOKEN": CSRF,
        "REMOTE_ADDR": address,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.url_scheme": "http",
    }
    response = _application(environ, start_response)
    list(response)
    getattr(response, "close", lambda: None)()  # as servers do: the request is over
    return started[0]
