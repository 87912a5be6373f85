"""The answer after a form was saved."""

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: the form was taken; the answer is read at another address by GET.

    `to` is a URL's name with its arguments, or an address.
    """

    status_code = 303

    def __init__(self, to: str, *args: object) -> None:
        super().__init__(resolve_url(to, *args))
