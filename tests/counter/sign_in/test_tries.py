"""Counting tries: free ones, waits, a new beginning, and many at once."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from counter.enums import StaffSecret
from counter.models import SignInFailure
from counter.sign_in import tries
from counter.sign_in.tries import Count, StaffWaitError, Whose
from counter.tasks import sum_up_failed_sign_ins
from tests.races import at_once

NOON = datetime.datetime(2026, 11, 24, 11, 0, tzinfo=datetime.UTC)
A_DAY = datetime.timedelta(days=1)
NAME = (Count(Whose.NAME, "els", StaffSecret.PASSWORD),)


def wait(at: datetime.datetime, counts: tuple[Count, ...] = NAME) -> int:
    try:
        tries.claim(counts, at=at)
    except StaffWaitError as error:
        return error.seconds - 1
    return 0


FREE = {Whose.ADDRESS: 30, Whose.LINK_ADDRESS: 20}


@pytest.mark.parametrize(("whose", "free"), [(w, FREE.get(w, 10)) for w in Whose])
@pytest.mark.usefixtures("db")
def test_the_wait_grows_and_stops_growing(whose: Whose, free: int) -> None:
    counts = (Count(whose, "x", StaffSecret.PASSWORD),)
    at, compared = NOON, 0
    waits: list[int] = []
    while len(waits) < 8:
        if seconds := wait(at, counts):
            waits.append(seconds)
            at += datetime.timedelta(seconds=seconds)
        else:
            compared += 1
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert compared == free + 7


@pytest.mark.usefixtures("db")
def test_failures_of_yesterday_are_forgotten() -> None:
    for _ in range(12):
        wait(NOON)
    assert not wait(NOON + A_DAY)
    assert SignInFailure.objects.get().failures == 1


@pytest.mark.usefixtures("db")
def test_what_counts_no_more_is_swept_and_who_waits_is_not() -> None:
    for _ in range(15):
        at = NOON + A_DAY - datetime.timedelta(minutes=1)
        row = SignInFailure.objects.filter(whose_index=NAME[0].index)
        wait(NOON)
        row.update(free_from=NOON)
    row.update(free_from=at + datetime.timedelta(minutes=15))
    late = NOON + A_DAY + datetime.timedelta(minutes=1)
    assert not SignInFailure.objects.stale(late).exists()
    assert SignInFailure.objects.stale(late + datetime.timedelta(hours=1)).exists()


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_instant_are_all_counted() -> None:
    at_once([lambda: wait(NOON)] * 8)
    assert SignInFailure.objects.get().failures == 8


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_from_many_addresses_ten_are_compared() -> None:
    """Each name has ten; and no two requests wait for each other's counts."""
    factory, secret = RequestFactory(), StaffSecret.PASSWORD

    def guess(number: int) -> bool:
        address = f"192.0.2.{number % 4}"
        request = factory.post(reverse("counter_sign_in:sign_in"), REMOTE_ADDR=address)
        name = "els" if number % 3 else "sofie"
        return not wait(NOON, tries.at_sign_in_page(request, name, secret).counts)

    compared = at_once([lambda n=n: guess(n) for n in range(32)])  # type: ignore[misc]
    print(f"{compared.count(True)} of 32 compared (bound: 20)")
    assert compared.count(True) == 20
    # Each of them counts for its address too; a refused one counts nowhere.
    assert sum(row.failures for row in SignInFailure.objects.all()) == 40


SCREEN = (Count(Whose.SCREEN, "7", StaffSecret.PASSWORD),)


@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_nobody_who_tries() -> None:
    """A stranger's try after days has locked the old count of the address, and takes
    that of the name next; the sweep runs between the two.
    """
    address = Count(Whose.ADDRESS, "192.0.2.7", None)
    both = (address, *NAME)
    tries.claim(both, at=NOON)
    late = NOON + 2 * A_DAY

    def sweep() -> int:
        try:
            sum_up_failed_sign_ins()
            return SignInFailure.objects.count()
        finally:
            connection.close()

    with time_machine.travel(late), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            tries._claim(address, late)
            # The sweep passes over the locked count and deletes the other.
            assert pool.submit(sweep).result(timeout=10) == 1
            tries._claim(NAME[0], late)
        assert SignInFailure.objects.count() == 2
        assert sweep() == 2


@pytest.mark.usefixtures("db")
def test_the_right_one_gives_back_its_own_try_only() -> None:
    claimed = [tries.claim(SCREEN, at=NOON) for _ in range(5)]
    tries.was_right(claimed[-1], at=NOON)
    assert SignInFailure.objects.get().failures == 4
    for one in claimed[:-1]:
        tries.was_right(one, at=NOON)
    assert not SignInFailure.objects.exists()


@pytest.mark.usefixtures("db")
def test_the_right_one_ends_the_wait_that_it_began() -> None:
    """The tenth try begins a wait; when it was right, nobody has to wait."""
    for _ in range(9):
        wait(NOON, SCREEN)
    tenth = tries.claim(SCREEN, at=NOON)
    assert wait(NOON, SCREEN) == 30
    tries.was_right(tenth, at=NOON)
    assert not wait(NOON, SCREEN)


@pytest.mark.parametrize("counts", [SCREEN, NAME], ids=["screen", "name"])
@pytest.mark.usefixtures("db")
def test_the_right_one_lifts_no_wait_that_others_earned(
    counts: tuple[Count, ...],
) -> None:
    """Comparing a password takes a third of a second; other tries fail meanwhile."""
    before = [tries.claim(counts, at=NOON) for _ in range(9)]
    wait(NOON, counts)  # the tenth failed, and was somebody else's
    for claimed in before[:3]:
        tries.was_right(claimed, at=NOON)
    assert wait(NOON, counts) == 30
    assert SignInFailure.objects.get().failures == 7


@pytest.mark.usefixtures("db")
def test_what_was_right_takes_nothing_from_a_count_begun_anew() -> None:
    old = tries.claim(SCREEN, at=NOON)
    wait(NOON + A_DAY, SCREEN)
    tries.was_right(old, at=NOON + A_DAY)
    assert SignInFailure.objects.get().failures == 1


@pytest.mark.usefixtures("db")
def test_no_name_or_address_stands_in_a_row() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    wait(NOON, tries.at_sign_in_page(request, "els", StaffSecret.PASSWORD).counts)
    kept = b"".join(bytes(row.whose_index) for row in SignInFailure.objects.all())
    assert len(kept) == 64
    assert b"els" not in kept
    assert b"192.0.2.7" not in kept
