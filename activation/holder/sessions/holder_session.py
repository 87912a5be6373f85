"""The session entry of a holder who is signed in or is signing in.

It is one entry with ids and times only. Other entries of the session stay: a clerk who
tries the pages in the same browser stays signed in.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.http import HttpRequest

from activation.web.session_entry import pack, unpack

IDLE: Final = timedelta(minutes=15)
IN_ALL: Final = timedelta(minutes=60)
#: How long a stage before the sign-in lasts.
STAGE_LASTS: Final = timedelta(minutes=15)

_ENTRY: Final = "holder"


class Stage(Enum):
    """The progress of a sign-in or recovery. A stage allows only the next step."""

    #: Name and password were right; a key has to be shown.
    SIGNING_IN = "signing in"
    #: Digits were sent to the contact address, if there is an account.
    RECOVERING = "recovering"
    #: The digits of the mail were right; a key has to be shown.
    RECOVERING_KEY = "recovering: key"
    #: Mail and key were shown; a new password may be chosen.
    RECOVERED = "recovered"
    #: Name, password and key were right.
    SIGNED_IN = "signed in"


@dataclass(frozen=True)
class ClockSeen:
    """Digits that are right at another moment (activation.holder.sessions.clock_hint).

    `step` is the time step of the digits; `distance` is how many steps that is from
    the time at which they were typed.
    """

    key_id: uuid.UUID
    step: int
    distance: int


@dataclass(frozen=True)
class HolderSession:
    """The holder of this session, the stage, and what was proved, chosen and typed."""

    stage: Stage
    #: A random id when no account has the typed name.
    holder_id: uuid.UUID
    #: The holder's session epoch at the start. When the holder has another by now, all
    #: sessions were ended meanwhile.
    session_epoch: int
    started_at: datetime
    #: When a page was requested last.
    seen_at: datetime
    #: How often something wrong was typed at this stage.
    tries: int = 0
    clock: ClockSeen | None = None
    #: The one-time code that was mailed for this session; a random id without account.
    mailed_code_id: uuid.UUID | None = None
    #: When a key was shown last.
    key_shown_at: datetime | None = None
    #: The key that is going to be shown.
    key_id: uuid.UUID | None = None
    #: The key that is being added.
    new_key_id: uuid.UUID | None = None
    #: The app that was set up last.
    new_app_id: uuid.UUID | None = None
    #: The code that was sent to a contact address that was typed here.
    new_email_code_id: uuid.UUID | None = None

    @classmethod
    def load(cls, request: HttpRequest) -> "HolderSession | None":
        return unpack(cls, request.session.get(_ENTRY))

    @classmethod
    def here(cls, request: HttpRequest) -> "HolderSession":
        """The holder's entry of this session; LookupError without one.

        For views that run only when a holder is signed in or at a stage.
        """
        here = cls.load(request)
        if here is None:
            raise LookupError("no holder in this session")
        return here

    def save(self, request: HttpRequest) -> None:
        request.session[_ENTRY] = pack(self)

    @staticmethod
    def drop(request: HttpRequest) -> None:
        request.session.pop(_ENTRY, None)

    @property
    def is_signed_in(self) -> bool:
        return self.stage is Stage.SIGNED_IN

    def is_over(self, at: datetime) -> bool:
        if self.is_signed_in:
            return at >= self.seen_at + IDLE or at >= self.started_at + IN_ALL
        return at >= self.started_at + STAGE_LASTS
