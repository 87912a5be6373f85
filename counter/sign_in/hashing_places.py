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
    """A number of places in this process; who finds none free is refused at once.

    Places `within` others take one of those too. They also take turns with all the
    others within them, so that of the two hashes that run at once
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
    """Hold a place of the first that has one. Raises NoPlaceError when none has."""
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
#: For asking the city's sign-on, which may be slow (counter.city_sign_on.exchange).
CITY_SIGN_ON: Final = Places(_COUNT["city_sign_on"])
#: For holders in a browser they used before; a stranger's guesses take none of them.
KNOWN_BROWSERS: Final = Places(_COUNT["known_browsers"])
