"""The history of sign-ins on a phone and on a narrow one, in each language."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from activation.enums import KeyKind, SignInFor, SignInResult
from activation.models import DigitalKey, SignInActivity
from tests.activation.holder.helpers import make_key
from tests.browser.chromium import IN_CHROMIUM
from tests.browser.walks.people import WITH_SCRIPTS, Holder

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]


def one_of_each(key: DigitalKey) -> None:
    """Make a line of the history for each purpose for which a key is shown."""
    SignInActivity.objects.bulk_create(
        SignInActivity(
            holder=key.holder,
            key=key,
            kind=key.kind,
            at=timezone.now(),
            device="Android",
            browser="Samsung Internet",
            is_new_device=True,
            what_for=what_for,
            result=SignInResult.USED_DIGITS,
        )
        for what_for in SignInFor
    )


@WITH_SCRIPTS
def test_every_line_fits(holder: Holder) -> None:
    key = make_key(holder.account, KeyKind.APP)
    DigitalKey.objects.filter(pk=key.pk).update(
        name="De telefoon van mijn zus Anna-Lotte"
    )
    holder.sign_in(key)
    one_of_each(key)
    for language in ("nl", "fr", "de", "en"):
        with translation.override(language):
            address = reverse("activation_holder:activity")
        for width in (390, 320):
            holder.page.set_viewport_size({"width": width, "height": 800})
            holder.goto(address)
            holder.look(f"history {language} {width}")
