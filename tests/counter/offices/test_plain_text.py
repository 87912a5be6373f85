"""A supervisor's plain text, in paragraphs and lists."""

from counter.offices.plain_text import Block, blocks


def test_an_empty_line_begins_a_paragraph() -> None:
    assert blocks("One.\nStill one.\n\n\nTwo.\r\n \r\nThree.") == [
        Block(("One.", "Still one."), is_list=False),
        Block(("Two.",), is_list=False),
        Block(("Three.",), is_list=False),
    ]


def test_a_dash_begins_an_item_whether_or_not_a_line_is_empty_before_it() -> None:
    assert blocks("Bring:\n- a card\n\u2013 a number\nThat is all.") == [
        Block(("Bring:",), is_list=False),
        Block(("a card", "a number"), is_list=True),
        Block(("That is all.",), is_list=False),
    ]


def test_a_dash_alone_is_no_item() -> None:
    assert blocks("-") == [Block(("-",), is_list=False)]
    assert blocks("well-known") == [Block(("well-known",), is_list=False)]


def test_nothing_comes_of_nothing() -> None:
    assert blocks("") == []
    assert blocks(" \n\t\n") == []


def test_marks_that_disguise_a_text_are_left_out() -> None:
    assert blocks("a\u202eb\x00c") == [Block(("abc",), is_list=False)]
