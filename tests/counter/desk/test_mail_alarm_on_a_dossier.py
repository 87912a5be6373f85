"""What a dossier's page says while its last mail was refused."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.codes.suspending import hold_codes
from activation.enums import CodeState
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from notifications.enums import DeliveryState, Kind
from notifications.models import Delivery
from tests import cast
from tests.counter.desk.refused_mail import ALARM, code, is_listed, mail, page

__all__ = ["code"]


pytestmark = pytest.mark.usefixtures("english")
NOTHING = "Nothing is left to do here"


def test_the_dossier_says_it_large_with_the_way_to_mend_it(
    els_client: Client, code: ActivationCode
) -> None:
    Dossier.objects.update(code_issued_at=code.issued_at)
    assert NOTHING in page(els_client, code.dossier)
    mail(code.dossier, DeliveryState.REFUSED, kind=Kind.ACTIVATION_LINK)
    shown = page(els_client, code.dossier)
    mend = reverse("activation_desk:correct_email", args=[code.dossier_id])
    again = reverse("activation_desk:resend_link", args=[code.dossier_id])
    alarm = shown.split('id="mail-alarm"')[1].split("</section>")[0]
    assert NOTHING not in shown
    assert f'href="{mend}"' in alarm
    assert f'href="{again}"' in alarm
    assert code.dossier.email in alarm
    assert els_client.get(mend).status_code == 200


@pytest.mark.parametrize("state", ["live", "locked", "frozen"])
def test_wherever_it_can_be_mended_the_page_says_so(
    els_client: Client, code: ActivationCode, state: str
) -> None:
    when = {} if state == "live" else {f"{state}_at": timezone.now()}
    ActivationCode.objects.update(state=state, **when)
    mail(code.dossier, DeliveryState.REFUSED)
    assert ALARM in page(els_client, code.dossier)


def test_where_nothing_can_be_mended_no_button_promises_it(
    els: Clerk, els_client: Client, code: ActivationCode
) -> None:
    now = timezone.now()
    mail(code.dossier, DeliveryState.REFUSED, kind=Kind.KEY_ACTIVATED)
    ActivationCode.objects.update(state="used", used_at=now)
    Dossier.objects.update(state=DossierState.ACTIVATED, activated_at=now)
    assert ALARM not in page(els_client, code.dossier)
    assert not is_listed(els)


def test_while_the_code_is_on_hold_no_link_offers_another_address(
    els: Clerk, els_client: Client, code: ActivationCode
) -> None:
    """It stays in the list, which leads to the dossier."""
    desk = reverse("counter_desk:desk")
    mend = reverse("activation_desk:correct_email", args=[code.dossier_id])
    mail(code.dossier, DeliveryState.REFUSED)
    assert els_client.get(desk).content.decode().count(mend) == 2
    hold_codes(code.dossier, at=timezone.now())
    assert is_listed(els)
    found = els_client.post(desk, {"q": "Janssens"}).content.decode()
    assert mend not in found + els_client.get(desk).content.decode()


def test_right_after_the_payment_the_page_turns_while_it_is_looked_at(
    els_client: Client, dossier: Dossier, els: Clerk
) -> None:
    """The page shows the slip to print; soon after, the mail is refused."""
    made, _ = cast.make_code(dossier, els)
    row = mail(dossier, DeliveryState.WAITING, kind=Kind.ACTIVATION_LINK)
    assert ALARM not in page(els_client, dossier)
    Delivery.objects.filter(pk=row.pk).update(
        state=DeliveryState.REFUSED, refused_at=timezone.now()
    )
    part = page(els_client, dossier, "notifications_desk:mail_state")
    assert 'id="mail-alarm" role="status" hx-swap-oob="true"' in part
    assert ALARM in part
    assert NOTHING not in part
    assert made.dossier.email in part


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (CodeState.LIVE, {NOTHING}),
        (CodeState.LOCKED, {"Somebody typed a wrong code five times"}),
        (CodeState.FROZEN, {"It was stopped"}),
        (CodeState.REPLACED, set()),
    ],
)
def test_only_a_code_that_works_leaves_nothing_to_do(
    els_client: Client, code: ActivationCode, state: CodeState, says: set[str]
) -> None:
    mail(code.dossier, DeliveryState.SENT)
    stamp = {} if state == CodeState.LIVE else {f"{state}_at": timezone.now()}
    ActivationCode.objects.update(state=state, **stamp)
    shown = page(els_client, code.dossier)
    sentences = {
        NOTHING,
        "Somebody typed a wrong code five times",
        "It was stopped",
    }
    assert {sentence for sentence in sentences if sentence in shown} == says
