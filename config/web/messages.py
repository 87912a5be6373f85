"""How the web server parses a request and writes an answer."""

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask
from waitress.utilities import Error

from config.web.limits import HEAD_BYTES


class TooSlowError(Error):  # type: ignore[misc]
    code = 408
    reason = "Request Timeout"


class Request(HTTPRequestParser):  # type: ignore[misc]
    """Parses the head and the body of a request.

    `is_followed`: more came before the request was answered.
    """

    is_followed = False

    def received(self, data: bytes) -> int:
        """Take more bytes; what follows a whole request is thrown away, and the
        connection ends with its answer.

        waitress would parse everything that came, in the loop that all visitors wait
        for: three hundred small requests fit into one packet. Browsers and proxies wait
        for an answer before they send the next request (RFC 9112, 9.3.2).
        """
        taken: int = super().received(data)
        if not self.completed or self.empty:
            return taken
        if data[taken:].strip(b"\r\n"):
            self.is_followed = True
            self.headers["CONNECTION"] = "close"
        return len(data)

    def parse_header(self, header_plus: bytes) -> None:
        """Refuse requests without a host, and bodies whose end is ambiguous (request
        smuggling).
        """
        super().parse_header(header_plus)
        if self.header_bytes_received >= HEAD_BYTES:
            return  # waitress itself refuses a head that is too long
        if not self.headers.get("HOST", "").strip():
            raise ParsingError("No host")
        if self.version != "1.1" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding in HTTP/1.0")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Two lengths")


class Answer(WSGITask):  # type: ignore[misc]
    """The application's answer; for HEAD without its body."""

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)
