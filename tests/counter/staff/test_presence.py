"""After a pause at the desk, a form asks for the password again."""

from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from counter.models import Clerk, SignInFailure
from counter.staff import reauthentication
from tests import cast


class GoOn(reauthentication.PresenceForm):
    what = forms.CharField(required=False)


def request_of(clerk: Clerk) -> HttpRequest:
    request = RequestFactory().post("/")
    request.user = clerk
    request.session = SessionStore()
    return request


def test_who_was_at_work_is_not_asked(els: Clerk) -> None:
    request = request_of(els)
    reauthentication.note(request, idle_seconds=299)
    assert GoOn({}, request=request).is_valid()


def test_after_a_pause_the_password_is_asked_until_it_is_given(els: Clerk) -> None:
    request = request_of(els)
    reauthentication.note(request, idle_seconds=301)
    reauthentication.note(request, idle_seconds=2)  # opening the page itself
    assert not GoOn({}, request=request).is_valid()
    assert GoOn({"password": cast.PASSWORD}, request=request).is_valid()
    assert GoOn({}, request=request).is_valid()


def test_a_wrong_password_is_told_and_counted(els: Clerk) -> None:
    request = request_of(els)
    reauthentication.note(request, idle_seconds=301)
    form = GoOn({"password": "raad maar"}, request=request)
    assert not form.is_valid()
    assert "password" in form.errors
    assert SignInFailure.objects.get().failures == 1
