"""Limits how many passwords are compared at once, so that a flood of sign-ins cannot
occupy all threads.

Hashing a password takes 22 ms of a core and 19 MiB, and a process answers eight
requests at once. A sign-in takes a place while its password is compared. When no place
is free, the page answers 503 at once, and the try is not counted. Strangers, known
computers of staff, key holders and known browsers of key holders have separate places,
so a flood by strangers does not block the others. A signed-in clerk needs no place.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from threading import Lock
from typing import Final

from django.conf import settings

#: When to try again, in seconds.
RETRY_AFTER: Final = 5


class NoPlaceError(Exception):
    """No place is free: try again in RETRY_AFTER seconds."""


_change: Final = Lock()


class Places:
    """A number of places in this process; without a free place `take` fails at once.

    Taking a place `within` others takes one of those too. All places within the same
    others also share a lock, so that they compute one hash at a time. So one of the two
    hashes that may run at once (counter.sign_in.hashers) is left for the desk.
    """

    def __init__(self, count: int, *, within: "Places | None" = None) -> None:
        self.free = count
        self._taken = [self, within] if within else [self]
        self._turn: AbstractContextManager[object] = (
            within.turn if within else nullcontext()
        )
        self.turn: AbstractContextManager[object] = Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold a place inside the `with`. Raises NoPlaceError when none is free."""
        with _change:
            if not all(places.free for places in self._taken):
                raise NoPlaceError
            for places in self._taken:
                places.free -= 1
        try:
            with self._turn:
                yield
        finally:
            with _change:
                for places in self._taken:
                    places.free += 1


@contextmanager
def take_first_of(*choices: Places) -> Iterator[None]:
    """Hold a place of the first of `choices` that has a free one.

    Raises NoPlaceError when none has.
    """
    with ExitStack() as taken:
        for places in choices:
            try:
                taken.enter_context(places.take())
            except NoPlaceError:
                continue
            break
        else:
            raise NoPlaceError
        yield


_COUNT: Final = settings.PASSWORD_PLACES
ANYBODY: Final = Places(_COUNT["anybody"])
STRANGERS: Final = Places(_COUNT["strangers"], within=ANYBODY)
HOLDERS: Final = Places(_COUNT["holders"], within=ANYBODY)
KNOWN_COMPUTERS: Final = Places(_COUNT["known_computers"])
#: For requests to the city's sign-on, which may be slow
#: (counter.city_sign_on.exchange).
CITY_SIGN_ON: Final = Places(_COUNT["city_sign_on"])
#: For key holders in a browser that they used before; strangers never take these.
KNOWN_BROWSERS: Final = Places(_COUNT["known_browsers"])
