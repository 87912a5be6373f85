"""File objects through which age reads and writes the data of the programs."""

from collections.abc import Callable
from typing import IO


class Remembering:
    """Writes to a file and keeps its error, of which age passes on only the text.

    After an error nothing more is written: age offers the same data once more.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: Exception | None = None

    def write(self, piece: bytes) -> int:
        """Write some or all of a piece. Returns the number of bytes that were taken."""
        if self.error is not None:
            raise self.error
        try:
            return self._write(piece)
        except Exception as error:
            self.error = error
            raise

    def _write(self, piece: bytes) -> int:
        return self._file.write(piece)

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            self.error = error
            raise


class Prefixed:
    """Reads a line first, and then a whole file."""

    def __init__(self, line: bytes, file: IO[bytes]) -> None:
        self._line = line
        self._file = file

    def read(self, size: int = -1) -> bytes:
        if self._line:
            piece = self._line if size < 0 else self._line[:size]
            self._line = self._line[len(piece) :]
            return piece
        return self._file.read(size)


class WithoutFirstLine(Remembering):
    """Calls `tell` with the complete first line, and writes the rest to the file."""

    def __init__(self, file: IO[bytes], tell: Callable[[bytes], None]) -> None:
        super().__init__(file)
        self._told = tell
        self._line: bytearray | None = bytearray()

    def _write(self, piece: bytes) -> int:
        rest = piece
        if self._line is not None:
            line, newline, rest = piece.partition(b"\n")
            self._line += line
            if newline:
                whole, self._line = bytes(self._line), None
                self._told(whole)
        written = super()._write(rest) if rest else 0
        return len(piece) - len(rest) + written
