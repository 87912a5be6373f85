"""Who may open a page of the desk: said once, asked of every page."""

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from counter.models import Clerk, SignInRecord
from counter.sign_in import single_session


def assert_for_clerks_only(url: str, *, method: str = "get") -> None:
    """Nobody signed in: the sign-in page, which leads back here."""
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
    """As whoever typed everything that signing in asks for."""
    SignInRecord.objects.filter(clerk=clerk).update(screen_locked_at=None)
    client = Client()
    client.force_login(clerk)
    session = client.session
    session[single_session.EPOCH] = clerk.sign_in.session_epoch
    session.save()
    return client


def _ask(client: Client, url: str, method: str) -> HttpResponse:
    response: HttpResponse = getattr(client, method)(url)
    return response
