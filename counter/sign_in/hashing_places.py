"""Places for comparing passwords, so that no flood of sign-ins takes all threads.

A hash takes 22 ms of a core and 19 MiB, and a process answers eight requests at once.
Whoever signs in takes a place while the password is compared; when none is free the
page says so at once (503), and nothing is counted or lost. A stranger's flood takes the
strangers' places only: a computer that the account has signed in at has others, and so
have the holders, and one more is kept for a browser that a holder signed in with
before; whoever is signed in needs none.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from threading import Lock
from typing import Final

from django.conf import settings

#: When to try again, in seconds.
RETRY_AFTER: Final = 5


class NoPlaceError(Exception):
    """All places are taken: try again in RETRY_AFTER seconds."""


_change: Final = Lock()


class Places:
    """So many at once in this process; who comes after them does not wait.

    Those `within` others take one of theirs too, and of all of these one compares at a
    time while the others wait for it. So of the two hashes at once
    (counter.sign_in.hashers) one is left for the desk.
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
        """Raises NoPlaceError."""
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
    """A place of the first of them that has one. Raises NoPlaceError."""
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
#: Of holders; beside theirs, so that guesses of others take none of it.
KNOWN_BROWSERS: Final = Places(_COUNT["known_browsers"])
