"""The paper of a day's close, which people sign."""

import io

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from counter.models import Clerk, Office
from payments.models import DrawerSession
from tests import cast
from tests.payments.counting import closed


def test_all_who_sign_do_so_on_one_page(
    office: Office, els: Clerk, sofie_client: Client
) -> None:
    """However many drawers are above, no page ends between the signatures."""
    clerks = [els]
    for nth in range(1, 7):
        for clerk in clerks:
            closed(DrawerSession.objects.get(clerk=clerk))
        today = timezone.localdate().isoformat()
        address = reverse("payments_closing:day_paper", args=[today])
        reader = PdfReader(io.BytesIO(sofie_client.get(address).content))
        texts = [each.extract_text() for each in reader.pages]
        (signed,) = [text for text in texts if "Signatures" in text]
        assert "Finance service" in signed, nth
        clerks = [cast.make_clerk(f"rik{nth}", office, desk=f"Loket {nth}")]
