"""What the outbox keeps about a person, for the export of their data
(counter.rights).
"""

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counter.enquiries import whose
from counter.rights.sections import LeftOut, Section, left_out
from notifications.models import Delivery

SECTIONS: Final = (
    Section(
        order=310,
        model="notifications.Delivery",
        title=_("Messages that were sent to you"),
        rows=lambda person: Delivery.objects.filter(
            Q(dossier__applicant=person)
            | Q(holder__applicant=person)
            | Q(enquiry__in=whose.of_people([person.pk]))
        ).order_by("created_at"),
        left_out=left_out(
            LeftOut.HOUSE,
            "id subject holder enquiry seal password_link account_change lease"
            " leased_until lane unconfirmed handed_over_at not_before"
            " put_off_since",
        ),
    ),
)
