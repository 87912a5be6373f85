"""Where signing in leads, and how a form with a secret is answered."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import resolve, reverse

from counter.models import Clerk
from counter.sign_in import (
    known_devices,
)
from counter.sign_in.tries import NotComparedError
from counter.staff import desks
from counter.web.next_page import next_page
from counter.web.see_other import SeeOther


def go_to_the_desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Signed in with everything that is asked: this computer is known from now on."""
    wanted = wanted_page(request)
    response = SeeOther(desks.after_signing_in(request, clerk, wanted))
    known_devices.remember(request, response, clerk)
    return response


def answer_to(
    form: forms.Form, request: HttpRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    """The page of a form that takes a secret, which may have to be sent again later."""
    for error in (error for of in form.errors.as_data().values() for error in of):
        if isinstance(error, NotComparedError):
            response = render(request, template, context, status=error.status)
            response.headers["Retry-After"] = str(error.seconds)
            return response
    return render(request, template, context, status=422 if form.errors else 200)


def wanted_page(request: HttpRequest) -> str:
    """Where the clerk was going, if that is a page of this site; else the desk."""
    wanted = next_page(request)
    return _readable(wanted) if wanted else resolve_url(settings.LOGIN_REDIRECT_URL)


def _readable(wanted: str) -> str:
    """A page that is only shown in answer to a form: the dossier that it is about."""
    match = resolve(urlsplit(wanted).path)
    if match.view_name == "counter_dossiers:reveal_number":
        return reverse("counter_dossiers:dossier", kwargs=match.kwargs)
    return wanted
