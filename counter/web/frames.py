"""Decorators for a page that is shown in a frame of another page of this site, such as
the preview of a paper before it is printed.
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

_FRAMED: Final[dict[str, Any]] = {
    **settings.SECURE_CSP,
    "frame-ancestors": [CSP.SELF],
}
_WITH_FRAMES: Final[dict[str, Any]] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


def framed[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A decorator that lets only pages of this site show the view in a frame."""
    return xframe_options_sameorigin(csp_override(_FRAMED)(view))


def with_frames[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A decorator for a view whose page contains such a frame."""
    return csp_override(_WITH_FRAMES)(view)
