"""A file as text: encoding settled, size and line length bounded, binary content refused.

Readers get a `TextFile` and never open a file themselves. The encoding is the byte-order mark's,
else UTF-8, else the first of Windows-1252 and GB 18030 that fits; a file that is UTF-8 but for a few
broken bytes stays UTF-8, with the broken places replaced and reported. Lines end at LF, CR LF or CR
and nowhere else. A file in gzip is unpacked as it is read, up to a limit. A workbook has no text.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from index.errors import ReadError

MAX_LINE = 10_000_000  # characters; no abstract, and no sane record, comes near
MAX_FILE = 2_000_000_000  # bytes
MAX_TEXT = 300_000_000  # characters of a value that has to be read in one piece
HEAD = 65_536  # characters that the sniffers see
_BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAGIC = (
    (b"%PDF", "a PDF", "export the records as CSV or JSONL instead"),
    (b"PK\x03\x04", "a ZIP archive or an Office file", "unpack it, or save the sheet as CSV"),
    (b"SQLite format 3", "an SQLite database", "export the records as CSV or JSONL instead"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save the sheet as CSV"),
)
_GZIP = b"\x1f\x8b"
MAX_RATIO = 100  # of a file in gzip; XML comes to 10 or 20
_BOMB_FLOOR = 64_000_000  # bytes that any file in gzip may come to
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1a\x1b")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A readable file: its path, its encoding, its first characters, and what was repaired.

    `workbook` marks an Excel file, whose head is empty and which has no lines.
    """

    path: str
    encoding: str
    head: str
    broken_bytes: int = 0
    workbook: bool = False

    @property
    def head_lines(self) -> list[str]:
        """The lines of `head`; the last one may be cut."""
        return self.head.split("\n")

    def lines(self, *, clip: bool = False) -> Iterator[str]:
        """The lines without their ends.

        :param clip: cut a line longer than `MAX_LINE` (to that length and one more character, so that it
            can be told) instead of raising.
        :raises ReadError: at a line longer than `MAX_LINE`.
        """
        with io.TextIOWrapper(open_bytes(self.path), encoding=self.encoding, errors="replace") as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    if not clip:
                        raise _line_too_long(self.path, number)
                    rest = line
                    while rest and not rest.endswith("\n"):
                        rest = file.readline(MAX_LINE)
                yield line.rstrip("\n")

    def text(self) -> str:
        """The whole text, however long its lines. :raises ReadError: at a file too large for memory."""
        with io.TextIOWrapper(open_bytes(self.path), encoding=self.encoding, errors="replace") as file:
            text = file.read(MAX_TEXT + 1)
        if len(text) > MAX_TEXT:
            raise ReadError(
                f"{self.path}: more than {MAX_TEXT // 10**6} MB in one value; write JSONL instead"
            )
        return text


class _Unpacked(io.RawIOBase):
    """A file in gzip, with a limit to what it may become."""

    def __init__(self, path: str) -> None:
        self._path, self._size, self._read = path, Path(path).stat().st_size, 0
        self._file = gzip.open(path, "rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            data = self._file.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise ReadError(
                f"{self._path}: a damaged gzip file ({_reason(error)}); unpack with `gzip -dc` and add that"
            ) from error
        self._read += len(data)
        if self._read > MAX_FILE or (self._read > _BOMB_FLOOR and self._read > MAX_RATIO * self._size):
            raise ReadError(
                f"{self._path}: unpacks to more than a hundred times its size; unpack it if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_bytes(path: str | Path) -> BinaryIO:
    """The bytes of a file, unpacked if it is in gzip. :raises ReadError: when they cannot be unpacked."""
    with open(path, "rb") as file:
        packed = file.read(2) == _GZIP
    return cast(BinaryIO, io.BufferedReader(_Unpacked(str(path)), _BLOCK) if packed else open(path, "rb"))


def _is_workbook(path: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def open_text(path: str | Path) -> TextFile:
    """Look at a file and settle how it is decoded.

    :raises ReadError: not a file, unreadable, empty, too large, binary, or not decodable.
    """
    name = str(path)
    try:
        if not Path(path).is_file():
            raise ReadError(f"{name}: not a file; name a file or a folder that exists")
        size = Path(path).stat().st_size
        if size > MAX_FILE:
            raise ReadError(f"{name}: larger than {MAX_FILE // 10**9} GB; split it and add the parts")
        with open_bytes(path) as file:
            first = file.read(_BLOCK)
    except (OSError, ValueError) as error:
        raise ReadError(
            f"{name}: cannot be opened ({_reason(error)}); check the path and its rights"
        ) from error
    if first.startswith(b"PK\x03\x04") and _is_workbook(name):
        return TextFile(name, "utf-8", "", workbook=True)
    _refuse_binary(name, first)
    encoding, broken = _settle_encoding(name, first)
    return TextFile(name, encoding, _read_head(name, encoding), broken)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _line_too_long(name: str, number: int) -> ReadError:
    return ReadError(
        f"{name}:{number}: a line of more than {MAX_LINE // 10**6} MB; "
        "write one record a line (JSONL) or split the file"
    )


def _refuse_binary(name: str, first: bytes) -> None:
    for magic, what, advice in _MAGIC:
        if first.startswith(magic):
            raise ReadError(f"{name}: is {what}, not text; {advice}")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return
    sample = first[:HEAD]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > 2 and controls > len(sample) * 0.003:
        raise ReadError(f"{name}: is binary, or UTF-16 without a byte-order mark; save it as UTF-8 text")


def _settle_encoding(name: str, first: bytes) -> tuple[str, int]:
    """The codec's name and how many bytes of the file it cannot decode."""
    for mark, encoding in _BOMS:
        if first.startswith(mark):
            return encoding, 0
    scan = _scan(name)
    if not scan.broken:
        return "utf-8", 0
    if scan.multibyte > 3 * scan.broken:
        return "utf-8", scan.broken
    if _is_chinese(first, scan):
        return "gb18030", 0
    if scan.undefined or scan.high > 0.3 * scan.size:
        raise ReadError(f"{name}: neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8 text")
    return "cp1252", 0


def _is_chinese(first: bytes, scan: _Scan) -> bool:
    """Whether bytes outside ASCII come in pairs that are common characters of GB 2312, and only so.

    Western text has such bytes singly ("é"), and in the rare pair hardly ever in the range of the
    3 755 characters of the first level.
    """
    pairs = singles = common = late = 0
    at = 0
    while at < len(first):
        if first[at] < 0x80:
            at += 1
        elif at + 1 < len(first) and 0xA1 <= first[at] <= 0xF7 and 0xA1 <= first[at + 1] <= 0xFE:
            pairs += 1
            common += first[at] == 0xA3 or 0xB0 <= first[at] <= 0xD7
            late += 0xC9 <= first[at] <= 0xD7  # where the Korean code has few letters
            at += 2
        else:
            singles += 1
            at += 1
    return pairs >= 3 and singles <= pairs * 0.02 and common >= 0.9 * pairs and late >= 0.15 * pairs


@dataclass(slots=True)
class _Scan:
    size: int = 0
    high: int = 0  # bytes outside ASCII
    broken: int = 0  # places that are not UTF-8
    multibyte: int = 0  # characters outside ASCII that are
    undefined: int = 0  # bytes without a meaning in Windows-1252


def _scan(name: str) -> _Scan:
    """Count what speaks for and against UTF-8, block by block."""
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with open_bytes(name) as file:
        while block := file.read(_BLOCK):
            scan.size += len(block)
            text = decoder.decode(block)
            if not block.isascii():
                _weigh(scan, block, text)
    if decoder.decode(b"", final=True):
        scan.broken += 1
    return scan


def _weigh(scan: _Scan, block: bytes, text: str) -> None:
    bad = text.count("\ufffd") - block.count("\ufffd".encode())
    scan.broken += max(bad, 0)
    scan.multibyte += len(text) - len(text.encode("ascii", "ignore")) - max(bad, 0)
    scan.high += len(block) - len(block.translate(None, bytes(range(128, 256))))
    scan.undefined += len(block) - len(block.translate(None, b"\x81\x8d\x8f\x90\x9d"))


def _read_head(name: str, encoding: str) -> str:
    try:
        with io.TextIOWrapper(open_bytes(name), encoding=encoding, errors="replace") as file:
            head = file.read(HEAD)
    except UnicodeError as error:
        raise ReadError(f"{name}: cannot be decoded as {encoding}; save it as UTF-8 text") from error
    if not head.strip("\ufeff \t\r\n\x00"):
        raise ReadError(f"{name}: empty file; name one that holds papers")
    return head
