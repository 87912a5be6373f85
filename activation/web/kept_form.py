"""Keeping a form that was sent too soon, so that a button can send it again later.

The page that asks to wait has the form encrypted in a hidden field, for as long as a
kept password (docs/decisions/092-a-password-comes-back-sealed.md). Secrets that another
person must not find on an open page are left out: the present password, and a recovery
code, which replaces a key. Digits are left out too, because they change meanwhile.
"""

import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from activation.web import kept_password

#: The hidden field of that page (templates/activation/web/wait.html).
FIELD: Final = "kept_form"

_NEVER_KEPT: Final = ("csrfmiddlewaretoken", "present", "digits", FIELD)
#: The fields that are left out, for each part whose pages keep a form.
_LEFT_OUT: Final = {
    "activation_journey": _NEVER_KEPT,
    "activation_holder": (*_NEVER_KEPT, "code"),
}

Handler = Callable[[HttpRequest], HttpResponse]


@sensitive_variables()
def close(request: HttpRequest) -> str:
    """The sent form, encrypted for the hidden field; a kept form stays as it is."""
    if _opened(request):
        return request.POST[FIELD]
    posted = request.POST.copy()
    for name in _LEFT_OUT[_part(request)]:
        posted.pop(name, None)
    of = _address(request)
    return kept_password.close(posted.urlencode(), of=of, at=timezone.now())


class KeptForms:
    """Middleware that gives a kept form to its view as it was sent the first time.

    Place it after CsrfViewMiddleware, which refuses a request body that cannot be read.
    """

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    @sensitive_variables()
    def process_view(self, request: HttpRequest, *_of_the_view: object) -> None:
        if request.method != "POST" or _part(request) not in _LEFT_OUT:
            return
        if kept := _opened(request):
            request.POST = QueryDict(f"{request.POST.urlencode()}&{kept}")


@sensitive_variables()
def _opened(request: HttpRequest) -> str:
    """The kept form in this one; "" without one, or if it is too old or of another
    page.
    """
    posted = request.POST.get(FIELD, "")
    of = _address(request)
    return kept_password.read(posted, of=of, at=timezone.now()) if posted else ""


def _part(request: HttpRequest) -> str:
    """The namespace of the page's address."""
    return request.resolver_match.namespace if request.resolver_match else ""


def _address(request: HttpRequest) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, request.path)
