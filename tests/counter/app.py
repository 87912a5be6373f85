"""A clerk's phone: the app whose digits are asked after the password."""

from datetime import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.models import Clerk, SecondFactor
from counter.sign_in import sign_in_app, totp
from tests.cast import PASSWORD

SIGN_IN = reverse("counter_sign_in:sign_in")
CODE = reverse("counter_sign_in:second_factor")
APP = reverse("counter_sign_in:set_up_app")


def digits(clerk: Clerk, *, later: int = 0, at: datetime | None = None) -> str:
    """The digits that the app shows now (or at `at`), or `later` steps after that."""
    factor = SecondFactor.objects.get(pk=clerk.pk)
    step = totp.step_at(at or timezone.now()) + later
    return totp.digits(factor.secret, step)


def wrong(clerk: Clerk) -> str:
    """Six digits that fit none of the steps that are accepted."""
    near = {digits(clerk, later=step) for step in (-2, -1, 0, 1, 2)}
    return next(n for n in ("000000", "000001", "000002", "000003") if n not in near)


def set_up(clerk: Clerk) -> None:
    """Set an app up, as if long ago: its digits of now are not used yet."""
    sign_in_app.begin(clerk=clerk, at=timezone.now())
    SecondFactor.objects.filter(pk=clerk.pk).update(
        confirmed_at=timezone.now(), last_step=1
    )


def after_the_password(clerk: Clerk) -> Client:
    client = Client()
    both = {"username": clerk.username, "password": PASSWORD}
    assert client.post(SIGN_IN, both).status_code == 303
    return client
