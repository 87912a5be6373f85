"""Who may open a page of the desk: checks that the tests of every page use."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, SignInRecord
from counter.sign_in import single_session


def assert_for_clerks_only(url: str, *, method: str = "get") -> None:
    """Without a session, the page leads to sign-in, and sign-in back to the page."""
    response = _ask(Client(), url, method)
    assert response.status_code == 302
    assert (
        response.headers["Location"]
        == f"{reverse('counter_sign_in:sign_in')}?next={url}"
    )


def assert_hidden_from(clerk: Clerk, url: str, *, method: str = "get") -> None:
    """For a clerk of another office the dossier does not exist."""
    assert _ask(signed_in(clerk), url, method).status_code == 404


def signed_in(clerk: Clerk) -> Client:
    """A browser that is signed in as this clerk and may open any page of the desk.

    The session is written directly: `force_login` makes two sessions and saves each
    of them twice.
    """
    clerk.last_login = timezone.now()
    clerk.save(update_fields=["last_login"])
    SignInRecord.objects.filter(clerk=clerk).update(screen_locked_at=None)
    session = SessionStore()
    session[SESSION_KEY] = str(clerk.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = clerk.get_session_auth_hash()
    session[single_session.EPOCH] = clerk.sign_in.session_epoch
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


def _ask(client: Client, url: str, method: str) -> HttpResponse:
    response: HttpResponse = getattr(client, method)(url)
    return response
