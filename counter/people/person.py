"""Finds the person who has a national number, and compares them with the document.

A number that is typed wrongly, or scanned from another person's card, would give one
person's identity to another. So the names on today's document are compared with those
known for the number, on the page and again when saving
(docs/decisions/018-whose-number-it-is.md).
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
from counter.identity.shown_person import DocumentPerson
from counter.identity.spelling import Difference, PersonName, compare
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Applicant, Clerk, Dossier
from counter.people import kinship
from counter.people.keys import with_keys
from counter.roles import matrix, role_rights
from counter.staff import same_hands

# Differences that a rule alone can judge. For the others somebody must see both names.
_SLIGHT = frozenset({Difference.ORDER, Difference.GIVEN_NAMES, Difference.SPELLING})


class OtherPersonError(CounterError):
    """The number is known under another name, and that doubt was not answered, or not
    approved by a supervisor where that is required.
    """


@dataclass(frozen=True, repr=False)
class Known:
    """The person who has a number. `dossiers` are all of theirs, in all offices.

    `is_visible` is true when the clerk may read the names, because the person came to
    the clerk's office or the clerk sees every office. `is_confirmed` is true when a
    code was issued to the person, or no dossier is left. Otherwise the names come from
    visits without a code, perhaps with a wrongly typed number.
    """

    person: Applicant
    dossiers: list[Dossier]
    is_visible: bool

    @property
    def is_confirmed(self) -> bool:
        # Without any dossier there is no reason to doubt the names.
        states = {dossier.state for dossier in self.dossiers}
        return not states or bool(states & set(CONFIRMED_STATES))

    @property
    def has_open_dossier(self) -> bool:
        return any(dossier.state in OPEN_STATES for dossier in self.dossiers)

    @property
    def name(self) -> PersonName:
        return PersonName(self.person.last_name, self.person.first_names)

    def differs_from(self, on_document: DocumentPerson) -> Difference:
        born = self.person.birth_date
        same = born is not None and born == on_document.birth_date
        return compare(self.name, on_document.name, same_birth_date=same)

    def is_born_otherwise(self, on_document: DocumentPerson) -> bool:
        """Whether both birth dates are known in full and differ."""
        born = self.person.birth_date
        return (
            None not in (born, on_document.birth_date)
            and born != on_document.birth_date
        )

    def needs_supervisor(self, on_document: DocumentPerson) -> bool:
        """Whether a supervisor must agree: a confirmed name is completely different, or
        differs in a way that this clerk cannot judge.
        """
        differs = self.differs_from(on_document)
        if differs is Difference.NONE or not self.is_confirmed:
            return False
        return (
            differs is Difference.WHOLLY
            or self.is_born_otherwise(on_document)
            or (not self.is_visible and differs not in _SLIGHT)
        )


@sensitive_variables()
def known_by(
    number: NationalNumber, *, clerk: Clerk, lock: bool = False
) -> Known | None:
    """The person who has this number, in any office; None when nobody has it.

    `lock` locks the person's row until the caller's transaction ends.
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
def doubts_about(known: Known, on_document: DocumentPerson) -> Iterator[Doubt]:
    """The doubts when today's document differs from what is known for the number."""
    differs = known.differs_from(on_document)
    approval = known.needs_supervisor(on_document)
    before = (known.person.pk, *known.name, known.person.birth_date)
    values = (*before, *on_document.name, on_document.birth_date)
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
            sides=_sides(known, on_document) if known.is_visible else (),
        )
    if known.is_born_otherwise(on_document):
        yield Doubt(
            DoubtKind.KNOWN_BIRTH_DATE,
            "birth_date",
            _born_otherwise(known, on_document),
            _("I looked again: the birth date is as on the document"),
            stamp(DoubtKind.KNOWN_BIRTH_DATE, *values),
        )


@sensitive_variables()
def doubts_of(
    number: NationalNumber, on_document: DocumentPerson, *, clerk: Clerk
) -> list[Doubt]:
    """The doubts for a form that is not saved yet; none when the person has an open
    dossier, because then saving is refused anyway.
    """
    known = known_by(number, clerk=clerk)
    if known is None or known.has_open_dossier:
        return []
    return list(doubts_about(known, on_document))


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


def _sides(
    known: Known, on_document: DocumentPerson
) -> "tuple[tuple[str | Promise, str], ...]":
    today = f"{on_document.name.first_names} {on_document.name.last_name}".strip()
    return ((_("Known as"), known.person.name), (_("On the document"), today))


def _born_otherwise(known: Known, on_document: DocumentPerson) -> "str | Promise":
    if (
        not known.is_visible
        or not known.person.birth_date
        or not on_document.birth_date
    ):
        return _("Another birth date is known of this number in another office.")
    return _("Known as born on %(known)s; today's document says %(document)s.") % {
        "known": date_format(known.person.birth_date),
        "document": date_format(on_document.birth_date),
    }


def require_answers(
    doubts: Iterable[Doubt],
    *,
    agreed: frozenset[str],
    supervisor: Clerk | None,
    clerk: Clerk,
) -> None:
    """Raise OtherPersonError unless each doubt was ticked, and approved if required.

    `agreed` holds the stamps of the ticks. A stamp depends on the compared names, so a
    tick is void when a colleague has changed the known names meanwhile.
    """
    for doubt in doubts:
        if doubt.stamp not in agreed:
            raise OtherPersonError(doubt.sentence)
        if doubt.needs_supervisor and not may_approve(supervisor, clerk):
            raise OtherPersonError(_("A supervisor of this office has to agree."))


def may_approve(supervisor: Clerk | None, clerk: Clerk) -> bool:
    """Whether `supervisor` is one of the clerk's office, and an account to which the
    clerk may not have access (counter.staff.same_hands).
    """
    if supervisor is None or not matrix.may(supervisor, role_rights.AGREE_AT_THE_DESK):
        return False
    now = timezone.now()
    return supervisor.office_id == clerk.office_id and not same_hands.why_not(
        clerk, supervisor, at=now, may_alone=True
    )


def note_approval(
    doubts: Iterable[Doubt], supervisor: Clerk | None, dossier: Dossier, clerk: Clerk
) -> None:
    """Write in the journal which supervisor agreed to a doubt that requires it.

    Raises what `kinship.check` does when the person is family of the supervisor.
    """
    if supervisor and any(doubt.needs_supervisor for doubt in doubts):
        kinship.check(Event.OTHER_NAME_APPROVED, dossier=dossier, clerk=supervisor)
        journal.write(
            Event.OTHER_NAME_APPROVED,
            {"who": supervisor},
            dossier=dossier,
            clerk=clerk,
        )


def follow_document(person: Applicant, dossier: Dossier) -> None:
    """Give the person the names and the birth date of this dossier's document."""
    names = ("last_name", "first_names", "birth_date")
    if all(getattr(person, name) == getattr(dossier, name) for name in names):
        return
    for name in names:
        setattr(person, name, getattr(dossier, name))
    person.save(update_fields=names)


def follow_documents(person: Applicant) -> None:
    """Give the person the names of the latest document to which a code was issued.

    To be called when that may be another one than before: after a reversal or a
    correction. Without any such document the names stay as they are.
    """
    confirmed = person.dossiers.filter(
        state__in=CONFIRMED_STATES, anonymised_at__isnull=True
    )
    latest = confirmed.order_by(
        F("code_issued_at").desc(nulls_last=True), "-recorded_at"
    ).first()
    if latest is not None:
        follow_document(person, latest)
