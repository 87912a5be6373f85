"""What this app adds to the desk, to a dossier's page and to the admin."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from counter.desk.additions import (
    Column,
    Contribution,
    DayCount,
    Doors,
    Inline,
    ListFilter,
    Part,
    ProblemList,
    Slot,
)
from counter.models import Enquiry
from notifications.admin import MailFilter, MailOfEnquiry
from notifications.desk import account_mail, late_mails, mail_of_page, unreached
from notifications.desk.overview import OVERVIEW
from notifications.outbox import deciding

CONTRIBUTION: Final = Contribution(
    problems=(
        ProblemList(10, late_mails.mails, again=True),
        ProblemList(20, late_mails.of_no_visit, again=True),
        ProblemList(25, late_mails.answers, again=True),
        ProblemList(60, unreached.refused),
        ProblemList(65, unreached.given_up),
        ProblemList(70, unreached.unknown),
    ),
    counts=(DayCount(10, _("mails refused"), unreached.refused_since),),
    columns=(
        Column(
            10, _("Mail"), "notifications/desk/_mail_cell.html", unreached.with_mails
        ),
    ),
    parts=(
        Part(Slot.DOSSIER_NEXT, 30, "notifications/desk/_alarm_of_page.html"),
        Part(Slot.DOSSIER_SIDE, 10, "notifications/desk/_mail_panel.html"),
        Part(Slot.READ, 30, "notifications/desk/_read.html"),
    ),
    dossier_context=mail_of_page.on_page,
    inlines=(Inline(10, Enquiry, MailOfEnquiry),),
    filters=(ListFilter(10, MailFilter),),
    doors=Doors(
        namespaces=frozenset({"notifications_desk"}),
        # Deciding about a mail counts as an act on the dossier of its recipient.
        leads_to={"delivery": deciding.dossier_of},
        read_only=frozenset({"notifications_desk:mail_state"}),
    ),
    account_mail=account_mail.of,
    overview=OVERVIEW,
)
