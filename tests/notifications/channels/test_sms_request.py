"""The SMS gateway gets the request that the settings describe, and nothing else."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from notifications.channels import sms_http
from tests.notifications.channels.http_gateway import (
    NUMBER,
    PHONE,
    gateway,
    nothing_told,
)
from tests.sms_gateway import SmsGateway

__all__ = ["gateway", "nothing_told"]


NASTY = 'a "b" \\ & <c> {to} é\n1+1'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json; charset=utf-8", '{"t": "{text}"}'),
        ("application/x-www-form-urlencoded", "t={text}&to={digits}"),
        ("application/xml", "<t>{text}</t>"),
    ],
)
def test_what_is_filled_in_stays_where_it_belongs(
    gateway: SmsGateway, settings: Settings, content_type: str, body: str
) -> None:
    settings.SMS_HTTP |= {"headers": {"content-type": content_type}, "body": body}
    sms_http.HttpGateway().send(to=PHONE, text=NASTY, reference="r")
    sent = gateway.taken[0].body
    if "json" in content_type:
        assert json.loads(sent) == {"t": NASTY}
    elif "form" in content_type:
        assert parse_qs(sent) == {"t": [NASTY], "to": [NUMBER]}
    else:
        assert "&lt;c&gt; {to} é\n1+1</t>" in sent


def test_an_address_can_carry_it(gateway: SmsGateway, settings: Settings) -> None:
    settings.SMS_HTTP |= {
        "url": gateway.url + "?to={to}&text={text}",
        "method": "GET",
        "body": "",
    }
    sms_http.HttpGateway().send(to=PHONE, text=NASTY, reference="r")
    (taken,) = gateway.taken
    assert taken.method == "GET"
    assert parse_qs(urlsplit(taken.path).query) == {"to": [PHONE], "text": [NASTY]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://gateway.example/?key=hidden"},
        {"url": "https://gateway.example/", "success_status": "often"},
        {"url": "https://gateway.example/", "success_body": "("},
    ],
)
def test_a_mistake_in_the_settings_is_told_without_them(
    settings: Settings, wrong: dict[str, str]
) -> None:
    settings.SMS_HTTP = wrong
    with pytest.raises(ImproperlyConfigured) as refused:
        sms_http.configured()
    assert "hidden" not in str(refused.value)
    assert "gateway.example" not in str(refused.value)
