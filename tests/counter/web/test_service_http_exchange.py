"""One HTTP request: a bad server costs little time, and nobody else learns secrets."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from counter.web.http_exchange import (
    LONGEST_ANSWER,
    UnansweredError,
    ask,
)
from tests.certificates import certificate
from tests.sms_gateway import Answer, SmsGateway

# Made up for this test.
NUMBER = "32470000000"
TOKEN = "a-secret-of-the-gateway"
SECONDS = 0.5
SLOW = [
    pytest.param(Answer(after=60.0), id="silent"),
    pytest.param(Answer(drip=0.05), id="dripping"),
    pytest.param(Answer(drip=0.05, drips_in="head"), id="dripping in the head"),
    pytest.param(
        Answer(drip=0.05, drips_in="body of no given length"), id="dripping for ever"
    ),
]


@pytest.fixture
def server() -> Iterator[SmsGateway]:
    with SmsGateway() as gateway:
        yield gateway


@pytest.fixture
def encrypting(tmp_path: Path) -> Iterator[SmsGateway]:
    """The same over TLS, with a certificate that this process does not trust."""
    certificate(tmp_path / "tls")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "tls" / "tls.crt", tmp_path / "tls" / "tls.key")
    with SmsGateway(tls) as gateway:
        yield gateway


@pytest.fixture
def vouched(
    encrypting: SmsGateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Let this process trust the gateway's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls" / "tls.crt"))


def ask_gateway(url: str, seconds: float = SECONDS) -> tuple[int, str]:
    headers = {"Authorization": TOKEN}
    body = f"to={NUMBER}".encode()
    return ask("POST", url, headers=headers, body=body, seconds=seconds)


def is_told_in_time(server: SmsGateway, answer: Answer) -> None:
    server.answers.append(answer)
    begun = time.monotonic()
    with pytest.raises(UnansweredError) as error:
        ask_gateway(server.url)
    assert time.monotonic() - begun < 4 * SECONDS
    assert error.value.is_silent
    assert len(server.taken) == 1


@pytest.mark.parametrize("answer", SLOW)
def test_a_byte_now_and_then_does_not_stretch_the_limit(
    server: SmsGateway, answer: Answer
) -> None:
    is_told_in_time(server, answer)


@pytest.mark.parametrize("answer", SLOW)
@pytest.mark.usefixtures("vouched")
def test_nor_does_it_under_encryption(encrypting: SmsGateway, answer: Answer) -> None:
    is_told_in_time(encrypting, answer)


@pytest.mark.usefixtures("vouched")
def test_a_server_that_is_known_is_told(encrypting: SmsGateway) -> None:
    assert ask_gateway(encrypting.url, seconds=10) == (200, Answer().body)


def test_a_server_that_nobody_vouches_for_is_told_nothing(
    encrypting: SmsGateway,
) -> None:
    with pytest.raises(OSError):  # noqa: PT011 (callers catch it too)
        ask_gateway(encrypting.url)
    assert encrypting.taken == []


def test_a_server_that_never_encrypts_is_told_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011 (callers catch it too)
            ask_gateway(f"https://127.0.0.1:{mute.getsockname()[1]}/")
    assert time.monotonic() - begun < 4 * SECONDS


@pytest.mark.parametrize(
    "answer", [Answer(drop=True), Answer(half=True)], ids=["none", "half"]
)
def test_half_an_answer_is_none(server: SmsGateway, answer: Answer) -> None:
    server.answers.append(answer)
    with pytest.raises(UnansweredError) as error:
        ask_gateway(server.url, seconds=10)
    assert not error.value.is_silent


def test_no_more_than_the_beginning_of_an_answer_is_read(server: SmsGateway) -> None:
    server.answers.append(Answer(body="x" * 10**6))
    status, body = ask_gateway(server.url, seconds=10)
    assert status == 200
    assert body == "x" * LONGEST_ANSWER


def test_a_redirect_is_not_followed(server: SmsGateway) -> None:
    with SmsGateway() as stranger:
        server.answers.append(Answer(302, "", location=stranger.url))
        assert ask_gateway(server.url)[0] == 302
        assert stranger.taken == []


def test_a_proxy_of_the_machine_is_not_told(
    server: SmsGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmsGateway() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert ask_gateway(server.url)[0] == 200
        assert proxy.taken == []
    assert len(server.taken) == 1


def test_no_password_of_the_machine_is_sent(
    server: SmsGateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login els password of-another\n")
    monkeypatch.setenv("NETRC", str(netrc))
    ask("GET", server.url, headers={}, body=b"", seconds=10)
    assert "authorization" not in server.taken[0].headers


def test_the_log_of_the_library_tells_nothing(
    server: SmsGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    # The address and the answer's head hold the number.
    address = f"{server.url}?to={NUMBER}"
    server.answers.append(Answer(302, "", location=address))
    ask_gateway(address)
    written = [record.getMessage() for record in caplog.records]
    assert not any(NUMBER in line or TOKEN in line for line in written)
