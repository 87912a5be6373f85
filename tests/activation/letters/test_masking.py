"""The masked e-mail address on the slip: its owner recognises it, a finder cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.letters.masking import mask_email


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("an.peeters@gmail.com", "a•••@gm•••.com"),
        ("an.peeters@telenet.be", "a•••@te•••.be"),
        ("  an.peeters@gmail.com ", "a•••@gm•••.com"),
        # Long and short names look alike: the dots do not count letters.
        ("a@gmail.com", "a•••@gm•••.com"),
        ("annemie.vandenbroeck1975@gmail.com", "a•••@gm•••.com"),
        # Only the ending of a domain is common enough to print.
        ("an@mail.jansen.co.uk", "a•••@ma•••.uk"),
        # Two letters would give away a short provider's whole name.
        ("an@me.com", "a•••@m•••.com"),
        ("an@kpn.nl", "a•••@k•••.nl"),
        # Addresses in other scripts, typed or as mail servers write them.
        ("élodie@müller.de", "é•••@mü•••.de"),
        ("an@xn--mller-kva.de", "a•••@mü•••.de"),
        ("an@xn--e1afmkfd.xn--p1ai", "a•••@пр•••.рф"),
        ("e\N{COMBINING ACUTE ACCENT}lodie@gmail.com", "é•••@gm•••.com"),
        ("an@xn--\N{EURO SIGN}.be", "a•••@xn•••.be"),
        # Odd, but legal.
        ('"an peeters"@gmail.com', "a•••@gm•••.com"),
        ("an@localhost", "a•••@lo•••"),
        ("an@[192.0.2.1]", "a•••@•••"),
        # No address at all.
        ("gmail.com", "•••"),
        ("@gmail.com", "•••"),
        ("an@", "•••"),
        ("", "•••"),
    ],
)
def test_the_owner_recognises_it(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@given(
    st.text(st.characters(categories=["L", "Nd"]), min_size=2, max_size=40),
    st.from_regex(r"[a-z]{4,20}\.(be|com|org)", fullmatch=True),
)
def test_neither_mailbox_nor_provider_can_be_read_back(name: str, domain: str) -> None:
    masked = mask_email(f"{name}@{domain}")

    assert f"{name}@" not in masked
    assert domain not in masked
