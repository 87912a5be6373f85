"""The state of an activation between the pages.

It is stored in two places, both with ids and times only:

- the **link cookie**, signed, for an hour: the codes whose links were opened
  (activation.journey.opened_links). Only the browser has it, so that opening a link
  writes nothing on the server;
- the **session**, once a code was typed, for the time in activation.journey.times. It
  is the usual Django session: a clerk who tries the pages in the same browser stays
  signed in.

A person who types the code again, here or on another device, continues where they were
(activation.journey.resuming), because the choices are stored with the code.

Several people may use one browser at the same time. Each code has its own `Visit` in
the session, and no page guesses which one a request is about.
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
from activation.web.session_entry import pack, unpack
from counter.database.built_once import SOME_ID, SOME_TIME, Reader
from counter.offices.lines import SHOWN

_ENTRY: Final = "activation_visit:"


class VisitStage(Enum):
    NONE = auto()
    GOING_ON = auto()
    OVER = auto()


@dataclass(frozen=True)
class Visit:
    """The state of the visit with one code, as the session stores it.

    A visit begins when the code is typed.
    """

    code_id: uuid.UUID
    started_at: datetime
    #: When a page of the visit was requested last.
    seen_at: datetime
    #: Whether the password was chosen in this very visit.
    chose_password: bool = False
    #: The stamp of the account that the person knows of (`accounts.stamp`).
    account: uuid.UUID | None = None
    #: When the choices were made with which this visit continues; None when they were
    #: made or confirmed in this visit.
    resumed_from: datetime | None = None
    #: Whether the account's user name was typed or shown in this visit. If not, it is
    #: masked: another person may have typed the code again.
    knows_name: bool = False
    #: The key that is being set up; after the end of the visit the active key.
    key_id: uuid.UUID | None = None
    #: The app key and the text message key that were chosen in this visit.
    app_id: uuid.UUID | None = None
    number_id: uuid.UUID | None = None
    #: When the key became active, which ended the visit.
    done_at: datetime | None = None
    #: The holder's session epoch at the end of the visit. As long as the holder has the
    #: same, the password chosen here signs in to the holder's page.
    session_epoch: int | None = None
    #: After too many wrong digits: the time from which the code may be typed again.
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
        """The visit with this code; LookupError without one.

        For views with `activation.journey.steps.step`, which checks that there is one.
        """
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
        """Whether the visit is running: not ended by a key or too many wrong digits."""
        return self.done_at is None and self.again_at is None

    @property
    def ends_at(self) -> datetime:
        return min(self.seen_at + PAGE_WAITS, self.started_at + IN_ALL)

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at

    def knows(self, key: DigitalKey) -> bool:
        """Whether this key was chosen in this visit, so that its data may be shown."""
        return key.pk in (self.app_id, self.number_id)


def _name(code_id: uuid.UUID) -> str:
    """The session's key for the visit with this code."""
    return f"{_ENTRY}{code_id.hex}"


# Which code


def asked_for(request: HttpRequest) -> uuid.UUID | None:
    """The code that this request is about; None when that is not clear.

    The candidates are the codes whose link was opened here or that were typed here. A
    visit that ended with a key is a candidate only when the request has a reference, or
    when there is no other.
    """
    visits = Visit.load_all(request)
    here = [opened.code_id for opened in opened_links.opened(request)]
    here += [visit.code_id for visit in visits if visit.done_at is None]
    done = [visit.code_id for visit in visits if visit.done_at is not None]
    if opened_links.named(request) or not here:
        return opened_links.choose(request, [*here, *done])
    return opened_links.choose(request, here)


def has_begun(request: HttpRequest) -> bool:
    """Whether this session has a running visit, with any code."""
    return any(visit.is_begun for visit in Visit.load_all(request))


# During the visit


def start(request: HttpRequest, code: ActivationCode, *, at: datetime) -> None:
    """Begin the visit after the code was typed, and cycle the session key."""
    request.session.cycle_key()
    Visit(code.pk, started_at=at, seen_at=at).save(request)


def note_seen(request: HttpRequest, code_id: uuid.UUID, *, at: datetime) -> None:
    replace(Visit.here(request, code_id), seen_at=at).save(request)


def visit_stage(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> VisitStage:
    visit = Visit.load(request, code_id)
    if visit is None or not visit.is_begun:
        return VisitStage.NONE
    return VisitStage.OVER if visit.is_over(at) else VisitStage.GOING_ON


def account_chosen(request: HttpRequest, code_id: uuid.UUID, holder: KeyHolder) -> None:
    """Note that the user name and the password were chosen in this visit."""
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
    """The stamp of the account with which this visit continues, or None."""
    visit = Visit.load(request, code_id)
    return visit.account if visit else None


def account_moved(request: HttpRequest, code: ActivationCode) -> bool:
    """Whether the account was changed elsewhere since this visit stored its stamp."""
    seen = relied_on(request, code.pk)
    return seen is not None and seen != accounts.stamp(
        accounts.account_of(code.dossier.applicant)
    )


def needs_account(request: HttpRequest, code: ActivationCode, *, at: datetime) -> bool:
    """Whether the visit has to go to the page of the account first.

    The person has to choose a user name and password there, unless their account has an
    active key. When the account was changed on another device, that page says so.
    """
    if relied_on(request, code.pk) is not None:
        return account_moved(request, code)
    return accounts.holder_with_key(code.dossier.applicant, at=at) is None


def key_chosen(request: HttpRequest, key: DigitalKey) -> None:
    """Note that the key was chosen here, so that its QR code or number may be shown."""
    here = replace(Visit.here(request, key.code_id), key_id=key.pk)
    if not key.kind_record.has_destination:
        here = replace(here, app_id=key.pk)
    elif not key.kind_record.goes_by_mail:
        here = replace(here, number_id=key.pk)
    here.save(request)


def key_named(request: HttpRequest, key: DigitalKey) -> None:
    """Continue with this key, because the form of a page named it."""
    replace(Visit.here(request, key.code_id), key_id=key.pk).save(request)


def key_id(request: HttpRequest, code_id: uuid.UUID) -> uuid.UUID | None:
    """The id of the key that is being set up in this visit, or None."""
    visit = Visit.load(request, code_id)
    return visit.key_id if visit else None


# Beginning anew


def start_again(
    request: HttpRequest, code_id: uuid.UUID, *, again_at: datetime, at: datetime
) -> None:
    """End the visit after too many wrong digits.

    The session then stores only when the code may be typed again.
    """
    forget(request, code_id)
    visit = Visit(code_id, started_at=at, seen_at=at, again_at=again_at)
    visit.save(request)


def code_to_try_again(
    request: HttpRequest, code_id: uuid.UUID, *, at: datetime
) -> tuple[ActivationCode, datetime] | None:
    """The code and the time until which it has to wait after too many wrong digits.

    None when it need not wait, or is not usable any more.
    """
    visit = Visit.load(request, code_id)
    if visit is None or visit.again_at is None or at >= visit.again_at:
        return None
    code = usable_code(code_id, at=at)
    return (code, visit.again_at) if code else None


def forget(request: HttpRequest, code_id: uuid.UUID) -> None:
    """End this visit, and flush the session when nothing else is in it."""
    Visit.drop(request, code_id)
    if not list(request.session.keys()):
        request.session.flush()


def usable_code(code_id: uuid.UUID, *, at: datetime) -> ActivationCode | None:
    """The code if a key can still be activated with it; otherwise None."""
    usable = ActivationCode.objects.usable_one(code_id, at)
    whole = usable.select_related("dossier__office", "dossier__applicant")
    return next(iter(whole), None)


_TO_TYPE: Final = Reader(
    ActivationCode.objects.usable_one,
    {"code_id": SOME_ID, "at": SOME_TIME},
    columns=("id", "dossier_id"),
    related={"dossier": ("id", "office_id"), "dossier__office": ("id", *SHOWN)},
)


def code_to_type(code_id: uuid.UUID, *, at: datetime) -> ActivationCode | None:
    """Like `usable_code`, with only what the page that asks for the code shows, so that
    a guess costs little.
    """
    return next(iter(_TO_TYPE.read(code_id=code_id, at=at)), None)
