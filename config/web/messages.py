"""A request as it is read, and an answer as it is written."""

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask
from waitress.utilities import Error

from config.web.limits import HEAD_BYTES


class TooSlowError(Error):  # type: ignore[misc]
    code = 408
    reason = "Request Timeout"


class Request(HTTPRequestParser):  # type: ignore[misc]
    """The head and body of a request, as they come in."""

    def parse_header(self, header_plus: bytes) -> None:
        """Refuse what names no host, and a body whose end two readers may see in two
        places.
        """
        super().parse_header(header_plus)
        if self.header_bytes_received >= HEAD_BYTES:
            return  # waitress replaces a head that is too long by its own
        if not self.headers.get("HOST", "").strip():
            raise ParsingError("No host")
        if self.version != "1.1" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding in HTTP/1.0")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Two lengths")


class Answer(WSGITask):  # type: ignore[misc]
    """What the application answers; to HEAD without a body."""

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)
