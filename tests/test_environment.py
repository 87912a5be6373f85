"""The readers of environment variables: a mistake is named, its value is not."""

import base64
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

SECRET = "hunter2-hunter2"
GOOD = f"k1:{base64.b64encode(b'not a secret'.ljust(32)).decode()}"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (environment.integer, SECRET),
        (environment.keys, SECRET),
        (environment.keys, f"k1:{SECRET}"),
        (environment.keys, "k1:aHVudGVyMi1odW50ZXIy"),
        (environment.keys, f"{GOOD},{GOOD}"),
        (environment.keys, f"much-too-long-{GOOD}"),
        (environment.database, f"mysql://u:{SECRET}@h/d"),
        (environment.database, f"postgresql://u:{SECRET}@h"),
    ],
    ids=range(8),
)
def test_a_mistake_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object], value: str
) -> None:
    monkeypatch.setenv("NAME", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read("NAME")
    assert "NAME" in str(refused.value)
    assert SECRET not in str(refused.value)
    assert value not in str(refused.value)


def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", SECRET)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.boolean("NAME", default=False)
    assert SECRET not in str(refused.value)
    for value, meant in (("1", True), ("yes", True), ("0", False), ("", False)):
        monkeypatch.setenv("NAME", value)
        assert environment.boolean("NAME", default=not meant) is meant


def test_one_of_several_words_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", SECRET)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.choice("NAME", {"starttls", "ssl"}, "ssl")
    assert "starttls" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_no_key_at_all_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", " , ")
    with pytest.raises(ImproperlyConfigured, match="names no key"):
        environment.keys("NAME")


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAME", raising=False)
    with pytest.raises(ImproperlyConfigured, match="NAME is missing"):
        environment.text("NAME")


def test_a_database_address_is_read_whole() -> None:
    read = environment.database(
        "NAME", "postgresql://an%40a:p%2Fw@db:5433/name?sslmode=require&host=/run/pg"
    )
    assert read["USER"] == "an@a"
    assert read["PASSWORD"] == "p/w"
    assert read["PORT"] == "5433"
    assert read["HOST"] == "/run/pg"
    assert read["OPTIONS"] == {"connect_timeout": "5", "sslmode": "require"}


def test_a_limit_names_a_way_and_a_number_from_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NAME", "bulk_mail=300, urgent_sms=60")
    read = environment.counts("NAME", ["bulk_mail", "urgent_sms"])
    assert read == {"bulk_mail": 300, "urgent_sms": 60}
    for value in (
        "other=1",
        "bulk_mail=0",
        "bulk_mail=many",
        "bulk_mail",
        "bulk_mail=",
    ):
        monkeypatch.setenv("NAME", value)
        with pytest.raises(ImproperlyConfigured):
            environment.counts("NAME", ["bulk_mail"])
