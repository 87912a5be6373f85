"""Answers that take as long for somebody as for nobody."""

from collections.abc import Callable
from functools import wraps
from time import perf_counter, sleep
from typing import Concatenate, Final

from django.http import HttpRequest, HttpResponse

#: Seconds. On a quiet server writing and sending digits takes 13 ms and finding nobody
#: 6 ms; whoever counts those would learn who has an account.
AT_LEAST: Final = 0.1

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def in_equal_time[**P](view: View[P]) -> View[P]:
    """Answer a form no sooner than after AT_LEAST, whatever was found."""

    @wraps(view)
    def handle(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        start = perf_counter()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            sleep(max(0.0, start + AT_LEAST - perf_counter()))
        return response

    return handle
