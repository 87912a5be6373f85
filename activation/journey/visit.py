"""A person's way from the link to the key, between the pages.

Two things are remembered, and both hold ids and times only:

- the **link cookie**, signed, for an hour: which codes' links were opened
  (activation.journey.opened_links). It is in the browser alone, so that opening a link
  writes nothing here, whoever opens it;
- the **session**, once a code was typed, for as long as
  activation.journey.times says. It is Django's own; a clerk who tries the pages in the
  same browser stays signed in.

Whoever types the code again, here or elsewhere, goes on where they were
(activation.journey.resuming): what was chosen is kept with the code.

Several people may be on their way in one browser. Each code has a `Visit` of its own in
the session, and no page guesses whose it is.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Final

from django.http import HttpRequest

from activation.journey import accounts, opened_links
from activation.journey.times import IN_ALL, PAGE_WAITS
from activation.models import ActivationCode, DigitalKey, KeyHolder
from activation.querysets import TRIES_A_CODE
from activation.web.session_entry import pack, unpack
from counter.enums import DossierState

_ENTRY: Final = "activation_visit:"


class VisitStage(Enum):
    NONE = auto()
    GOING_ON = auto()
    OVER = auto()


@dataclass(frozen=True)
class Visit:
    """What the session keeps of the way with one code, since it was typed."""

    code_id: uuid.UUID
    started_at: datetime
    #: When a page of it was asked for last.
    seen_at: datetime
    #: Whether the password was chosen in this very visit.
    chose_password: bool = False
    #: The stamp of the account that the person knows of (`accounts.stamp`).
    account: uuid.UUID | None = None
    #: Typing the code again led back to what was chosen at this instant.
    resumed_from: datetime | None = None
    #: Whether its name was typed or shown in this very visit. Who typed the code again
    #: may be somebody else, and is not told.
    knows_name: bool = False
    #: The key that is being set up; of a visit that is done, the active one.
    key_id: uuid.UUID | None = None
    #: The app and the number that were chosen in this very visit.
    app_id: uuid.UUID | None = None
    number_id: uuid.UUID | None = None
    #: The key became active at this instant.
    done_at: datetime | None = None
    #: Of the holder, when the visit was done: while it is the same, the password that
    #: was chosen here is good for a second key.
    session_epoch: int | None = None
    #: Too many wrong digits: the code is asked again, and may be tried from then on.
    again_at: datetime | None = None

    @classmethod
    def load(cls, request: HttpRequest, code_id: uuid.UUID) -> "Visit | None":
        visit = unpack(cls, request.session.get(_name(code_id)))
        return visit if visit and visit.code_id == code_id else None

    @classmethod
    def load_all(cls, request: HttpRequest) -> list["Visit"]:
        values = request.session.items()
        visits = [unpack(cls, kept) for name, kept in values if name.startswith(_ENTRY)]
        return [visit for visit in visits if visit]

    @classmethod
    def here(cls, request: HttpRequest, code_id: uuid.UUID) -> "Visit":
        """For pages behind the code (activation.journey.steps); else LookupError."""
        visit = cls.load(request, code_id)
        if visit is None:
            raise LookupError("no visit with this code")
        return visit

    def save(self, request: HttpRequest) -> None:
        request.session[_name(self.code_id)] = pack(self)

    @staticmethod
    def drop(request: HttpRequest, code_id: uuid.UUID) -> None:
        request.session.pop(_name(code_id), None)

    @property
    def is_begun(self) -> bool:
        """Whether the code was typed, and nothing came of it yet."""
        return self.done_at is None and self.again_at is None

    @property
    def ends_at(self) -> datetime:
        return min(self.seen_at + PAGE_WAITS, self.started_at + IN_ALL)

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at

    def knows(self, key: DigitalKey) -> bool:
        """Whether this key's picture or number was on a page of this visit."""
        return key.pk in (self.app_id, self.number_id)


def _name(code_id: uuid.UUID) -> str:
    """The session's key for the visit with this code."""
    return f"{_ENTRY}{code_id.hex}"


# Which code


def asked_for(request: HttpRequest) -> uuid.UUID | None:
    """The code that this request is about; None rather than a guess.

    Of those whose link was opened here or whose code was typed; those that ended in a
    key are meant when they are named, or when there is nothing else.
    """
    visits = Visit.load_all(request)
    here = [opened.code_id for opened in opened_links.opened(request)]
    here += [visit.code_id for visit in visits if visit.done_at is None]
    done = [visit.code_id for visit in visits if visit.done_at is not None]
    if opened_links.named(request) or not here:
        return opened_links.choose(request, [*here, *done])
    return opened_links.choose(request, here)


def has_begun(request: HttpRequest) -> bool:
    """Whether the code of any link was typed here, and nothing came of it yet."""
    return any(visit.is_begun for visit in Visit.load_all(request))


# On the way


def start(request: HttpRequest, code: ActivationCode, *, at: datetime) -> None:
    """The code was typed: a new session key, and the clocks start."""
    request.session.cycle_key()
    Visit(code.pk, started_at=at, seen_at=at).save(request)


def note_seen(request: HttpRequest, code_id: uuid.UUID, *, at: datetime) -> None:
    replace(Visit.here(request, code_id), seen_at=at).save(request)


def standing(request: HttpRequest, code_id: uuid.UUID, *, at: datetime) -> VisitStage:
    visit = Visit.load(request, code_id)
    if visit is None or not visit.is_begun:
        return VisitStage.NONE
    return VisitStage.OVER if visit.is_over(at) else VisitStage.GOING_ON


def account_chosen(request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder) -> None:
    """User name and password were chosen in this visit."""
    stamp = accounts.stamp(holder)
    here = replace(Visit.here(request, code_id), account=stamp, chose_password=True)
    replace(here, knows_name=True, resumed_from=None).save(request)


def rely_on(
    request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder, *, knows_name: bool
) -> None:
    """Note that the person has seen the present account, here or before.

    They did not type its password in this visit, so it does not sign them in.
    """
    stamp = accounts.stamp(holder)
    here = replace(Visit.here(request, code_id), account=stamp, chose_password=False)
    replace(here, knows_name=knows_name, resumed_from=None).save(request)


def relied_on(request: HttpRequest, code_id: uuid.UUID) -> uuid.UUID | None:
    """The stamp of the account that this visit goes on with."""
    visit = Visit.load(request, code_id)
    return visit.account if visit else None


def account_moved(request: HttpRequest, code: ActivationCode) -> bool:
    """Whether name or password were chosen elsewhere since this visit saw them."""
    seen = relied_on(request, code.pk)
    return seen is not None and seen != accounts.stamp(
        accounts.standing(code.dossier.applicant)
    )


def needs_account(request: HttpRequest, code: ActivationCode, *, at: datetime) -> bool:
    """Whether user name and password are still to be chosen, or told, in this visit.

    Who came with an account that has an active key keeps it. What was chosen anew on
    another device is told before anybody goes on.
    """
    if relied_on(request, code.pk) is not None:
        return account_moved(request, code)
    return accounts.holder_with_key(code.dossier.applicant, at=at) is None


def key_chosen(request: HttpRequest, key: DigitalKey) -> None:
    """The key was chosen here: its picture or its number may be shown here."""
    here = replace(Visit.here(request, key.code_id), key_id=key.pk)
    if not key.kind_record.has_destination:
        here = replace(here, app_id=key.pk)
    elif not key.kind_record.goes_by_mail:
        here = replace(here, number_id=key.pk)
    here.save(request)


def key_named(request: HttpRequest, key: DigitalKey) -> None:
    """The form of a page named this key: go on with it."""
    replace(Visit.here(request, key.code_id), key_id=key.pk).save(request)


def key_id(request: HttpRequest, code_id: uuid.UUID) -> uuid.UUID | None:
    """The key that is being set up with this code."""
    visit = Visit.load(request, code_id)
    return visit.key_id if visit else None


# Beginning anew


def start_again(
    request: HttpRequest, code_id: uuid.UUID, *, again_at: datetime, at: datetime
) -> None:
    """Too many wrong digits: all is forgotten but when the code may be tried again."""
    forget(request, code_id)
    visit = Visit(code_id, started_at=at, seen_at=at, again_at=again_at)
    visit.save(request)


def code_to_try_again(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> tuple[ActivationCode, datetime] | None:
    """The code that has to wait after too many wrong digits, and until when."""
    visit = Visit.load(request, code_id)
    if visit is None or visit.again_at is None or at >= visit.again_at:
        return None
    code = usable_code(code_id, at=at)
    return (code, visit.again_at) if code else None


def forget(request: HttpRequest, code_id: uuid.UUID) -> None:
    """End this visit; the whole session when nothing else is in it."""
    Visit.drop(request, code_id)
    if not list(request.session.keys()):
        request.session.flush()


def usable_code(code_id: uuid.UUID, *, at: datetime) -> ActivationCode | None:
    """The code while it can still become a key; None in every other case."""
    return (
        ActivationCode.objects.usable(at)
        .select_related("dossier__office", "dossier__applicant")
        .filter(
            pk=code_id,
            attempts__lt=TRIES_A_CODE,
            dossier__state=DossierState.CODE_ISSUED,
        )
        .first()
    )
