"""In an archive: people who work there, and a few whose pages are opened.

What is sealed in the archive opens with no key, so those whose numbers a page reads get
real ones: generated, valid in form, read from no document.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import connection
from django.test import Client
from django.utils import timezone

from activation.codes import links
from activation.enums import KeyKind, SignInResult
from activation.models import ActivationCode, SignInActivity
from bench.archive import Place
from bench.people import Visitors, national_number
from bench.visit import pay
from counter.enums import Role
from counter.models import Applicant, Clerk, Dossier, Enquiry, LegalHold
from payments.models import DrawerSession, Reversal
from tests import cast
from tests.activation.holder.helpers import make_holder, make_key, sign_in

#: So many visits has the one who comes again and again, and sign-ins the one with keys.
VISITS: Final = 30
SIGN_INS: Final = 300
#: Rows of a list's first page, and one more.
_FIRST_PAGE: Final = 51


@dataclass
class World:
    """Whom pages are asked for by, and what stands in their addresses."""

    staff: dict[str, Clerk]
    dossiers: dict[str, Dossier]
    often: Applicant
    holder: Client
    token: str
    arguments: dict[str, str] = field(default_factory=dict)


def build(places: list[Place]) -> World:
    large, small, shut = places[0], places[4], places[5]
    els = cast.make_clerk("els", large.office, desk="Loket 99")
    staff = {
        "clerk": els,
        "supervisor": large.supervisor,
        "auditor": cast.make_clerk("nadia", None, desk="", role=Role.AUDITOR),
        "supervisor of a small office": small.supervisor,
        "supervisor of an office that shut": shut.supervisor,
        "finance": cast.make_clerk("karel", None, desk="", role=Role.FINANCE),
        "administrator": cast.make_clerk("tom", None, desk="", role=Role.ADMINISTRATOR),
    }
    for place in places:
        _seal_newest(place)
    visitors = Visitors(els)
    waiting, paid, activated = visitors.recorded(3)
    pay(paid, els)
    code = ActivationCode.objects.get(dossier=paid)
    holder = _holder(activated, els)
    often = _comes_often(large, activated.applicant)
    dossiers = {"waiting": waiting, "paid": paid, "activated": activated}
    world = World(staff, dossiers, often, holder, links.token(code))
    world.arguments = _arguments(world, large)
    return world


def _seal_newest(place: Place) -> None:
    """The numbers that the first page of a list reads."""
    newest = Applicant.objects.visible_to(place.supervisor).order_by("-first_seen_at")
    people = list(newest.filter(anonymised_at=None)[:_FIRST_PAGE])
    for number, person in enumerate(people):
        person.set_national_number(national_number(100_000 * place.office.pk + number))
    columns = ["national_number_sealed", "national_number_index_a"]
    Applicant.objects.bulk_update(people, columns)


def _holder(dossier: Dossier, clerk: Clerk) -> Client:
    """The browser of somebody with two keys and a long history."""
    account = make_holder(dossier, clerk)
    app = make_key(account, KeyKind.APP)
    make_key(account, KeyKind.SMS)
    now = timezone.now()
    SignInActivity.objects.bulk_create(
        SignInActivity(
            holder=account,
            at=now - timedelta(hours=nth),
            key=app,
            kind=app.kind,
            device="Windows",
            browser="Firefox",
            result=SignInResult.SIGNED_IN,
        )
        for nth in range(SIGN_INS)
    )
    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, app)
    return client


def _comes_often(place: Place, person: Applicant) -> Applicant:
    """Visits that were somebody else's, each of another month."""
    ended = Dossier.objects.filter(office=place.office, state="activated")
    keys = list(ended.order_by("pk").values_list("pk", flat=True)[:VISITS])
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Dossier.objects.filter(pk__in=keys).update(applicant=person)
        cursor.execute("RESET session_replication_role")
    return person


def _arguments(world: World, place: Place) -> dict[str, str]:
    """For the addresses that name something else than the dossier."""
    of_office = {"dossier__office": place.office}
    drawers = DrawerSession.objects.filter(office=place.office)
    reversals = Reversal.objects.filter(payment__dossier__office=place.office)
    enquiries = Enquiry.objects.filter(office=place.office)
    hold = LegalHold.objects.filter(**of_office).first()
    enquiry = enquiries.filter(handled_at=None).first()
    reversal = reversals.first()
    drawer = drawers.filter(state="closed").first() or drawers.first()
    nothing = str(uuid.uuid4())
    return {
        "session": str(drawer.pk if drawer else nothing),
        "reversal": str(reversal.pk if reversal else nothing),
        "enquiry": str(enquiry.pk if enquiry else nothing),
        "hold_id": str(hold.pk if hold else nothing),
        "date": timezone.localdate().isoformat(),
        "number": "1",
        "id": str(world.staff["clerk"].pk),
        "office_id": str(place.office.pk),
        "applicant_id": str(world.often.pk),
        "office": place.office.slug,
        "token": world.token,
        "presented": world.token,
        "kind": "sms",
        "act": "resend",
        "app_label": "counter",
    }
