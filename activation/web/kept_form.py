"""A form that came too soon, on the page that says so: its button sends it again.

The page holds it sealed, as it does a password that comes back, and for as long
(docs/decisions/092-a-password-comes-back-sealed.md). Left out is what nobody may find
on an open page: the present password, and a holder's recovery code, which takes the
place of a key; and digits, which are others by then.
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
    """What was sent, for the hidden field; out of one it goes back as it came."""
    if _opened(request):
        return request.POST[FIELD]
    posted = request.POST.copy()
    for name in _LEFT_OUT[_part(request)]:
        posted.pop(name, None)
    of = _address(request)
    return kept_password.close(posted.urlencode(), of=of, at=timezone.now())


class KeptForms:
    """Middleware: a kept form reaches its view as it was sent at first.

    Stands after CsrfViewMiddleware, which refuses what cannot be read to its end.
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
    """The form in this one; "" where there is none, or it is too old or elsewhere's."""
    posted = request.POST.get(FIELD, "")
    of = _address(request)
    return kept_password.read(posted, of=of, at=timezone.now()) if posted else ""


def _part(request: HttpRequest) -> str:
    """The namespace of the page's address."""
    return request.resolver_match.namespace if request.resolver_match else ""


def _address(request: HttpRequest) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, request.path)
