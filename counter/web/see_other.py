"""The redirect after a form was saved."""

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """A redirect with status 303, which the browser follows by GET.

    `to` is a URL name with its arguments, or a URL.
    """

    status_code = 303

    def __init__(self, to: str, *args: object) -> None:
        super().__init__(resolve_url(to, *args))
