"""Addresses that only take a form: a GET there leads to the page with that form.

The answer to such a form can be a page at the same address. Its language links and a
reload then open that address with a GET.
"""

import re
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone, translation

from activation.holder import urls as keys_urls
from activation.journey import urls
from activation.web.throttling import A_MINUTE, count_request
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.helpers import (
    choose_account,
    choose_key,
    leads_to,
    path,
    type_code,
)
from tests.activation.holder.helpers import path as keys_path

ARGUMENTS = {
    "token": "A" * 64,
    "presented": "A" * 64,
    "kind": "sms",
    "pk": str(uuid.uuid4()),
    "to": "add/",
}


def addresses() -> list[str]:
    """The address of every route of the applicant's and the holder's pages."""
    names = [
        f"{module.app_name}:{route.name}"
        for module in (urls, keys_urls)
        for route in module.urlpatterns
        if route.name
    ]
    addresses_of_routes = []
    with translation.override("en"):
        for name in names:
            space, _, plain = name.partition(":")
            resolver = get_resolver().namespace_dict[space][1]
            ((_route, wanted),) = resolver.reverse_dict.getlist(plain)[0][0][:1]
            kwargs = {argument: ARGUMENTS[argument] for argument in wanted}
            addresses_of_routes.append(reverse(name, kwargs=kwargs))
    return addresses_of_routes


@pytest.mark.django_db
@pytest.mark.usefixtures("office")
def test_no_address_shows_an_empty_page(client: Client) -> None:
    looked_at = addresses()
    assert len(looked_at) > 30
    for address in looked_at:
        for look in (client.get, client.head):
            response = look(address)
            assert response.status_code != 405, address
            if response.status_code == 303:
                assert resolve(leads_to(response)), address


@pytest.mark.django_db
@pytest.mark.usefixtures("office")
def test_other_methods_stay_refused(client: Client) -> None:
    for address in addresses():
        for send in (client.put, client.patch, client.delete, client.options):
            assert send(address).status_code == 405, address


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ("send_digits", "show_key"),
        ("sign_out", "sign_in"),
        ("sign_out_everywhere", "overview"),
        ("recovery_send", "recovery_key"),
        ("new_key_again", "confirm_new_key"),
    ],
)
def test_to_the_page_of_the_form(client: Client, sent: str, page: str) -> None:
    assert client.get(keys_path(sent))["Location"] == keys_path(page)


def test_to_the_page_of_the_same_key(client: Client) -> None:
    pk = uuid.uuid4()
    location = client.get(keys_path("revoke_send", pk))["Location"]
    assert location == keys_path("revoke_key", pk)


def test_to_wait_in_another_language(
    client: Client, dossier: Dossier, els: Clerk
) -> None:
    type_code(client, *cast.make_code(dossier, els))
    choose_account(client)
    choose_key(client, "sms")
    for _time in range(A_MINUTE):
        count_request(address="10.0.0.7", at=timezone.now())
    client.defaults["REMOTE_ADDR"] = "10.0.0.7"
    response = client.post(path("send_again"))
    assert response.status_code == 429
    page = response.content.decode()
    (dutch,) = re.findall(r'href="(/nl/a/[^"]*)"', page)
    response = client.get(dutch, follow=True)
    assert response.redirect_chain == [(path("confirm_key", language="nl"), 303)]
    assert response.status_code == 200
