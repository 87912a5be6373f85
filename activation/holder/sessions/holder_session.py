"""What the session keeps of a holder: of who is signed in, or on the way in.

One entry, with ids and times only. It lies beside what else is in the session: a clerk
who tries the pages in the same browser stays signed in.
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
#: How long somebody may be at one stage of the way in.
STAGE_LASTS: Final = timedelta(minutes=15)

_ENTRY: Final = "holder"


class Stage(Enum):
    """How far somebody is. Each stage opens nothing but the next step."""

    #: Name and password were right; a key has to be shown.
    SIGNING_IN = "signing in"
    #: Digits were sent to the address; whether there is such a holder is never said.
    RECOVERING = "recovering"
    #: The digits of the mail were right; a key has to be shown.
    RECOVERING_KEY = "recovering: key"
    #: Mail and key were shown; a new password may be chosen.
    RECOVERED = "recovered"
    #: Name, password and key were right.
    SIGNED_IN = "signed in"


@dataclass(frozen=True)
class ClockSeen:
    """Right digits of another moment (activation.holder.sessions.clock_hint).

    `step` is the one that they are of, `distance` how many steps that is from now.
    """

    key_id: uuid.UUID
    step: int
    distance: int


@dataclass(frozen=True)
class HolderSession:
    """Whose pages these are, and what was shown, chosen and typed on them."""

    stage: Stage
    #: While nobody has such an account: an id like any other.
    holder_id: uuid.UUID
    #: Of the holder; when it is another, all sessions were ended meanwhile.
    session_epoch: int
    started_at: datetime
    #: When a page of it was asked for last.
    seen_at: datetime
    #: How often something wrong was typed at this stage.
    tries: int = 0
    clock: ClockSeen | None = None
    #: The digits that were mailed for this session; of nobody, an id like any other.
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
        """For pages of whoever is signed in or at a stage; else LookupError."""
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
