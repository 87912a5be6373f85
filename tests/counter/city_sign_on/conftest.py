"""The city's sign-on, and Els, whose account is linked with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from counter.city_sign_on import claims, exchange, linking, provider
from counter.models import Clerk
from tests.city_sign_on.forger import Forger
from tests.city_sign_on.provider import DESK, CityProvider
from tests.counter.city_sign_on.steps import SITE


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityProvider]:
    log: Path = tmp_path_factory.mktemp("city") / "provider.log"
    with CityProvider(log, site=SITE) as running:
        yield running


@pytest.fixture
def city(running: CityProvider, settings: Settings, digits_asked: None) -> CityProvider:
    """The real provider, which asks each time; Els is in the group of the desk."""
    exchange.forget()
    settings.SITE_URL = SITE
    settings.CITY_SIGN_ON = running.settings()
    running.person("els", DESK)
    return running


@pytest.fixture
def forger(settings: Settings, digits_asked: None) -> Iterator[Forger]:
    exchange.forget()
    settings.SITE_URL = SITE
    with Forger() as forger:
        settings.CITY_SIGN_ON = forger.settings()
        yield forger


def link(clerk: Clerk, subject: str) -> None:
    """Link the account with the city's `subject`, and take its password away."""
    configured = provider.find()
    assert configured
    person = claims.read({"sub": subject}, configured)
    linking.link(person, clerk=clerk, at=timezone.now())
    clerk.set_unusable_password()
    clerk.save(update_fields=["password"])


@pytest.fixture
def linked(els: Clerk, city: CityProvider) -> Clerk:
    link(els, "els")
    return els


@pytest.fixture
def linked_with_forger(els: Clerk, forger: Forger) -> Clerk:
    link(els, "els")
    return els
