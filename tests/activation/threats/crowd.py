"""Many people, many links and many threads: what the tests of threats share."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from django.test import Client

from activation.codes import links
from activation.codes.activation_code import ALPHABET, check_character
from activation.models import ActivationCode
from counter.models import Clerk
from tests import cast
from tests.activation.helpers import open_link
from tests.database import analyze
from tests.payments.people import dossiers
from tests.size import chance

type CodeAndText = tuple[ActivationCode, str]


def codes(clerk: Clerk, count: int, *, first: int = 1) -> list[CodeAndText]:
    """Live codes of `count` people, each with the text on the person's slip."""
    made = [
        cast.make_code(dossier, clerk)
        for dossier in dossiers(clerk, count, first=first)
    ]
    analyze()
    return made


def address(number: int) -> str:
    """A network address, a different one for each number."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def guess(number: int) -> str:
    """A code as a guesser makes it: at random, with its right check character."""
    text = "".join(chance(f"guess {number}").choices(ALPHABET, k=13))
    return text + check_character(text)


def opened(code: ActivationCode) -> str:
    """The cookie of a browser in which the link was opened."""
    client = Client()
    open_link(client, code)
    return client.cookies["activation"].value


def with_cookies(cookies: dict[str, str], *, at: str = "127.0.0.1") -> Client:
    """A new browser at this network address that has these cookies already."""
    client = Client(REMOTE_ADDR=at)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def in_threads[Task, Answer](
    threads: int, act: Callable[[Task], Answer], tasks: Iterable[Task]
) -> list[Answer]:
    """Run all tasks in this many threads; returns the answers in the tasks' order."""
    queue = list(tasks)

    def several(number: int) -> list[Answer]:
        try:
            return [act(task) for task in queue[number::threads]]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        shares = list(pool.map(several, range(threads)))
    return [shares[n % threads][n // threads] for n in range(len(queue))]


def invented(kind: int, code: ActivationCode, number: int = 0) -> str:
    """A token that belongs to no code; a different one for each number.

    Kind 0 is random, 1 has the id of a real code, 2 has one wrong character, 3 is cut.
    """
    chosen = chance(f"token {kind} {number}")
    real = links.token(code)
    characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    some = "".join(chosen.choices(characters, k=64))
    if kind == 0:
        return some
    if kind == 1:  # a code's id is no secret; the rest is
        return real[:22] + some[22:]
    place = chosen.randrange(24, 64)
    if kind == 2:
        other = "A" if real[place] != "A" else "B"
        return real[:place] + other + real[place + 1 :]
    return real[:place]
