"""A limit for the fields that a request sends, below Django's own."""

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse

_MOST: Final = 200
_ADMIN: Final = "/admin/"


class FewFields:
    """Refuse more fields than any form outside the admin has, with status 400.

    A page of the admin has all fields of each row under it: an office has four for each
    closing day and five for each text. There settings.DATA_UPLOAD_MAX_NUMBER_FIELDS is
    the limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _args: object,
        _named: dict[str, Any],
    ) -> None:
        """Count after CsrfViewMiddleware, which handles a body that breaks off.

        What it leaves alone is no form, and may want to read the body itself.
        """
        if request.path_info.startswith(_ADMIN) or getattr(view, "csrf_exempt", False):
            return
        sent = (request.GET, request.POST)
        if sum(len(values) for each in sent for _, values in each.lists()) > _MOST:
            raise TooManyFieldsSent
