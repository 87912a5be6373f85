"""The part that a dossier's page loads and adds while a mail waits."""

from django.test import Client
from django.urls import reverse

from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier


def test_a_day_that_the_timeline_names_is_not_named_again(
    els_client: Client, els: Clerk, dossier: Dossier
) -> None:
    page = reverse("counter_dossiers:dossier", args=[dossier.pk])
    mail_state = reverse("notifications_desk:mail_state", args=[dossier.pk])
    seen = {"seen": els_client.get(page).context["seen"]}
    journal.write(Event.LINK_RESENT, dossier=dossier, clerk=els)
    part = els_client.get(mail_state, seen).content.decode()
    assert "had the mail sent again" in part
    assert "<small>" not in part
    whole = els_client.get(mail_state).content.decode()
    assert whole.count("<small>") == 1
