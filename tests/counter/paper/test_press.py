"""A slip waits only for earlier slips, and not for files of many pages."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

from activation.codes import slip_paper
from counter.paper import press
from tests.activation.codes.slips import SLIP, text_of
from tests.activation.codes.test_slip import LONGEST


def test_a_slip_is_drawn_while_a_long_file_is() -> None:
    begun, may_end = Event(), Event()

    def long_file() -> None:
        begun.set()
        assert may_end.wait(60)

    with ThreadPoolExecutor(1) as caller:
        file = caller.submit(press.FILES.run, long_file)
        try:
            assert begun.wait(60)
            assert "Peter Peeters" in text_of(slip_paper.render(SLIP))
            # This slip needs the smallest letters.
            assert slip_paper.render(dataclasses.replace(LONGEST, language="fr"))
            assert not file.done()
        finally:
            may_end.set()


def test_slips_are_drawn_in_the_order_in_which_they_were_asked_for() -> None:
    begun, may_end = Event(), Event()
    drawn: list[int] = []

    def first() -> None:
        begun.set()
        assert may_end.wait(60)

    press.DESK.prepare(first)
    assert begun.wait(60)
    for number in range(20):
        press.DESK.prepare(partial(drawn.append, number))
    may_end.set()
    press.DESK.run(lambda: None)
    assert drawn == list(range(20))


def test_a_long_slip_is_one_that_the_other_printer_draws_too() -> None:
    long_name = dataclasses.replace(SLIP, applicant_name="W" * 120)
    assert slip_paper.render(long_name).startswith(b"%PDF-")
    assert press.FILES.run(slip_paper.render, SLIP).startswith(b"%PDF-")
