"""What this app adds to the desk, to a dossier's page and to the admin."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from activation.addresses import waiting
from activation.admin import KeyKindFilter
from activation.codes.reissuing import UNUSED
from activation.desk import stopped_codes
from activation.desk.acts import ACTS, keys_in_force
from activation.desk.overview import OVERVIEW
from activation.desk.statistics import BREAKDOWNS
from activation.holder.key_label import ShownKey, shown_key
from activation.models import ActivationCode, DigitalKey, KeyHolder
from counter.desk.additions import (
    Contribution,
    Doors,
    ListFilter,
    Page,
    Part,
    PersonKeys,
    ProblemList,
    Slot,
)
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier


def on_page(page: Page) -> Mapping[str, Any]:
    """The context of a dossier's page about its code and keys.

    `code` is the newest code, and `replaceable` says whether it may be replaced.
    `slip_printable` says whether the slip can be printed, which is while the visit
    lasts. Values that only some pages show are functions, which the template calls, so
    that other pages do not query the database for them.
    """
    dossier = page.dossier
    code = dossier.codes.first()
    printable = dossier.codes.printable(page.at).first()
    return {
        "code": code,
        "slip_printable": printable is not None,
        "replaceable": code is not None
        and code.state in UNUSED
        and code.valid_until > page.at,
        "is_disputed": cache(dossier.address_changes.disputed().exists),
        # Not for a code that replaced the first one: its payment was made earlier.
        "shows_change": page.is_answer
        and printable is not None
        and printable.issued_at == dossier.code_issued_at,
        "slip_is_new": lambda: printable is not None and _is_new(printable),
        "codes": lambda: list(dossier.codes.select_related("issued_by")),
        "keys": cache(lambda: shown_keys(dossier.applicant)),
        "last_key_end": cache(lambda: last_key_end(dossier, page.at)),
    }


def last_key_end(dossier: Dossier, at: datetime) -> datetime | None:
    """Until when the person has a key that works; None if none works.

    The key may have been added, or be of another visit.
    """
    keys = keys_in_force(dossier, at)
    return max((key.valid_until for key in keys if key.valid_until), default=None)


def on_person(person: Applicant, clerk: Clerk) -> Mapping[str, Any]:
    """The context of a person's page: `keys`, from all visits, also at other offices.

    Every clerk who may see the person may see them.
    """
    del clerk
    return {"keys": lambda: shown_keys(person)}


def shown_keys(person: Applicant) -> list[ShownKey]:
    """All keys that were ever active, the newest first, as pages show them."""
    rows = DigitalKey.objects.filter(holder__applicant=person)
    confirmed = rows.exclude(activated_at=None).select_related("holder")
    keys = list(confirmed.order_by("-activated_at"))
    return [shown_key(key, among=keys) for key in keys]


def _is_new(code: ActivationCode) -> bool:
    """Whether the slip of this code was not opened yet.

    Then the page prints it by itself. It does that once only, because the request for
    the slip writes SLIP_PRINTED to the journal.
    """
    printed = code.dossier.journal.filter(event=Event.SLIP_PRINTED)
    return not printed.filter(at__gte=code.issued_at).exists()


def keys_of(person: Applicant, at: datetime) -> Iterable[DigitalKey]:
    holder: KeyHolder | None = getattr(person, "key_holder", None)
    return holder.keys.active(at).order_by("valid_until") if holder else ()


@sensitive_variables()
def has_address(address: str, owners: QuerySet[Applicant]) -> bool:
    """Whether an account of another person than the owners has the contact address."""
    holders = KeyHolder.objects.at_address(address)
    return holders.exclude(applicant__in=owners).exists()


CONTRIBUTION: Final = Contribution(
    problems=(
        ProblemList(30, waiting.disputes, again=True),
        ProblemList(50, stopped_codes.stopped),
        ProblemList(90, stopped_codes.locked),
        ProblemList(100, stopped_codes.about_to_lapse),
    ),
    parts=(
        Part(Slot.DOSSIER_NEXT, 20, "activation/desk/dossier/_objection.html"),
        Part(Slot.DOSSIER_NEXT, 40, "activation/desk/dossier/_next.html"),
        Part(Slot.DOSSIER_FACTS, 20, "activation/desk/dossier/_facts.html"),
        Part(Slot.DOSSIER_ACTIONS, 10, "activation/desk/dossier/_actions.html"),
        Part(Slot.DOSSIER_ACTIONS, 30, "activation/desk/dossier/_revoke_lost_key.html"),
        Part(Slot.DOSSIER_KEYS, 10, "activation/desk/dossier/_keys.html"),
        Part(Slot.READ_NEXT, 10, "activation/desk/read/_next.html"),
        Part(Slot.READ, 20, "activation/desk/read/_codes.html"),
        Part(Slot.READ, 40, "activation/desk/read/_keys.html"),
        Part(Slot.PERSON, 10, "activation/desk/read/_keys.html"),
    ),
    dossier_context=on_page,
    person_keys=PersonKeys(("key_holder",), keys_of),
    has_address=has_address,
    filters=(ListFilter(20, KeyKindFilter),),
    acts=ACTS,
    person_context=on_person,
    doors=Doors(namespaces=frozenset({"activation_desk"})),
    after_recording="activation_desk:pay_and_issue",
    overview=OVERVIEW,
    breakdowns=BREAKDOWNS,
)
