"""Who has a national number: known or new, and whether today's document is theirs.

A number that is typed or scanned for somebody else would give one person's identity to
another. So what today's document shows is compared with what is known of the number, on
the page and again where it is saved (docs/decisions/018-whose-number-it-is.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.doubts import Doubt, stamp
from counter.enums import CONFIRMED_STATES, OPEN_STATES, DoubtKind
from counter.exceptions import CounterError
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import Shown
from counter.identity.spelling import Difference, PersonName, compare
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier
from counter.people import kinship
from counter.people.keys import with_keys
from counter.roles import matrix, role_rights
from counter.staff import same_hands

# These can be judged by the rule alone. The others need somebody who sees both names.
_SLIGHT = frozenset({Difference.ORDER, Difference.GIVEN_NAMES, Difference.SPELLING})


class OtherPersonError(CounterError):
    """The number is known under another name, and nobody has looked at that yet."""


@dataclass(frozen=True, repr=False)
class Known:
    """Who has a number. `dossiers` are all of the person's, of any office.

    `is_visible` when the clerk may read the names: the person came to that office.
    `is_confirmed` when a code was issued to a document with these names; otherwise they
    come from a visit that led to nothing, perhaps with a number typed wrongly.
    """

    person: Applicant
    dossiers: list[Dossier]
    is_visible: bool

    @property
    def is_confirmed(self) -> bool:
        # Without any dossier nothing is known against the names.
        states = {dossier.state for dossier in self.dossiers}
        return not states or bool(states & set(CONFIRMED_STATES))

    @property
    def has_open_dossier(self) -> bool:
        return any(dossier.state in OPEN_STATES for dossier in self.dossiers)

    @property
    def name(self) -> PersonName:
        return PersonName(self.person.last_name, self.person.first_names)

    def differs_from(self, shown: Shown) -> Difference:
        born = self.person.birth_date
        same = born is not None and born == shown.birth_date
        return compare(self.name, shown.name, same_birth_date=same)

    def is_born_otherwise(self, shown: Shown) -> bool:
        """Whether both birth dates are known in full and differ."""
        born = self.person.birth_date
        return None not in (born, shown.birth_date) and born != shown.birth_date

    def needs_supervisor(self, shown: Shown) -> bool:
        """A name that is wholly another, or that this clerk cannot judge."""
        differs = self.differs_from(shown)
        if differs is Difference.NONE or not self.is_confirmed:
            return False
        return (
            differs is Difference.WHOLLY
            or self.is_born_otherwise(shown)
            or (not self.is_visible and differs not in _SLIGHT)
        )


@sensitive_variables()
def known_by(
    number: NationalNumber, *, clerk: Clerk, lock: bool = False
) -> Known | None:
    """Whoever has this number, in whichever office; None when nobody came with it.

    `lock` holds the person's row until the caller's transaction ends.
    """
    people = Applicant.objects.with_national_number(number.digits)
    people = people.select_for_update(of=("self",)) if lock else with_keys(people)
    person = people.first()
    if person is None:
        return None
    dossiers = list(person.dossiers.only("state", "office", "applicant"))
    here = any(dossier.office_id == clerk.office_id for dossier in dossiers)
    return Known(person, dossiers, is_visible=clerk.sees_every_office or here)


@sensitive_variables()
def doubts_about(known: Known, shown: Shown) -> Iterator[Doubt]:
    """Where today's document says something else than what is known of the number."""
    differs = known.differs_from(shown)
    approval = known.needs_supervisor(shown)
    before = (known.person.pk, *known.name, known.person.birth_date)
    values = (*before, *shown.name, shown.birth_date)
    if differs is not Difference.NONE:
        kind = DoubtKind.OTHER_NAME if approval else DoubtKind.NAME
        yield Doubt(
            kind,
            "last_name",
            _sentence(known, differs, approval=approval),
            _("I looked again: the number and the name are as on the document"),
            stamp(kind, *values),
            needs_supervisor=approval,
            slight=differs in _SLIGHT and not approval,
            sides=_sides(known, shown) if known.is_visible else (),
        )
    if known.is_born_otherwise(shown):
        yield Doubt(
            DoubtKind.KNOWN_BIRTH_DATE,
            "birth_date",
            _born_otherwise(known, shown),
            _("I looked again: the birth date is as on the document"),
            stamp(DoubtKind.KNOWN_BIRTH_DATE, *values),
        )


@sensitive_variables()
def doubts_of(number: NationalNumber, shown: Shown, *, clerk: Clerk) -> list[Doubt]:
    """The doubts about a form that is not saved yet; none where an open dossier refuses
    anyway.
    """
    known = known_by(number, clerk=clerk)
    if known is None or known.has_open_dossier:
        return []
    return list(doubts_about(known, shown))


def _sentence(known: Known, differs: Difference, *, approval: bool) -> "str | Promise":
    if not known.is_visible:
        if approval:
            return _(
                "This number is known under another name in another office of the "
                "city. Check the number. If it is right, fetch a supervisor."
            )
        return _(
            "This number is known in another office of the city, and the name is "
            "written otherwise there. Compare number and name with the document."
        )
    if approval:
        return _(
            "This number is known under another name. Check the number. If it is "
            "right, fetch a supervisor."
        )
    if differs is Difference.SCRIPT:
        return _("The name is known in another script. Compare both.")
    return _("This number is known under a name that is written otherwise.")


def _sides(known: Known, shown: Shown) -> "tuple[tuple[str | Promise, str], ...]":
    today = f"{shown.name.first_names} {shown.name.last_name}".strip()
    return ((_("Known as"), known.person.name), (_("On the document"), today))


def _born_otherwise(known: Known, shown: Shown) -> "str | Promise":
    if not known.is_visible or not known.person.birth_date or not shown.birth_date:
        return _("Another birth date is known of this number in another office.")
    return _("Known as born on %(known)s; today's document says %(document)s.") % {
        "known": date_format(known.person.birth_date),
        "document": date_format(shown.birth_date),
    }


def require_answers(
    doubts: Iterable[Doubt],
    *,
    agreed: frozenset[str],
    supervisor: Clerk | None,
    clerk: Clerk,
) -> None:
    """Raises OtherPersonError unless each doubt was ticked and approved as it asks.

    `agreed` holds the stamps of the ticks, so one that was given to other names, before
    a colleague was faster, does not count.
    """
    for doubt in doubts:
        if doubt.stamp not in agreed:
            raise OtherPersonError(doubt.sentence)
        if doubt.needs_supervisor and not may_approve(supervisor, clerk):
            raise OtherPersonError(_("A supervisor of this office has to agree."))


def may_approve(supervisor: Clerk | None, clerk: Clerk) -> bool:
    """Whether this is a supervisor of the clerk's own office, and not in her hands."""
    if supervisor is None or not matrix.may(supervisor, role_rights.AGREE_AT_THE_DESK):
        return False
    now = timezone.now()
    return supervisor.office_id == clerk.office_id and not same_hands.why_not(
        clerk, supervisor, at=now, may_alone=True
    )


def note_approval(
    doubts: Iterable[Doubt], supervisor: Clerk | None, dossier: Dossier, clerk: Clerk
) -> None:
    """The journal says which supervisor agreed; of own people nobody does."""
    if supervisor and any(doubt.needs_supervisor for doubt in doubts):
        kinship.check(Event.OTHER_NAME_APPROVED, dossier=dossier, clerk=supervisor)
        journal.write(
            Event.OTHER_NAME_APPROVED,
            {"who": supervisor.get_username()},
            dossier=dossier,
            clerk=clerk,
        )


def follow_document(person: Applicant, dossier: Dossier) -> None:
    """The person is called from now on as this confirmed document shows."""
    names = ("last_name", "first_names", "birth_date")
    if all(getattr(person, name) == getattr(dossier, name) for name in names):
        return
    for name in names:
        setattr(person, name, getattr(dossier, name))
    person.save(update_fields=names)


def follow_documents(person: Applicant) -> None:
    """Look again which document is the latest confirmed one: after a reversal of the
    visit that was, or a correction of one. Without any the names stay as they are.
    """
    confirmed = person.dossiers.filter(
        state__in=CONFIRMED_STATES, anonymised_at__isnull=True
    )
    latest = confirmed.order_by(
        F("code_issued_at").desc(nulls_last=True), "-recorded_at"
    ).first()
    if latest is not None:
        follow_document(person, latest)
