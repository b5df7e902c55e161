"""A file as text: encoding settled, size and line length bounded, binary content refused.

Readers get a `TextFile` and never open a file themselves. The encoding is the byte-order mark's,
else UTF-8, else Windows-1252; a file that is UTF-8 but for a few broken bytes stays UTF-8, with
the broken places replaced and reported. Lines end at LF, CR LF or CR and nowhere else.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadError

MAX_LINE = 10_000_000  # characters (bytes while scanning); no abstract, and no sane record, comes near
MAX_FILE = 2_000_000_000  # bytes
HEAD = 65_536  # characters that the sniffers see
_BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAGIC = (
    (b"%PDF", "a PDF", "export the records as CSV or JSONL instead"),
    (b"PK\x03\x04", "a ZIP archive or an Office file", "unpack it, or save the sheet as CSV"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first (gunzip)"),
    (b"SQLite format 3", "an SQLite database", "export the records as CSV or JSONL instead"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save the sheet as CSV"),
)
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1a\x1b")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A readable file: its path, its encoding, its first characters, and what was repaired."""

    path: str
    encoding: str
    head: str
    broken_bytes: int = 0

    @property
    def head_lines(self) -> list[str]:
        """The lines of `head`; the last one may be cut."""
        return self.head.split("\n")

    def lines(self) -> Iterator[str]:
        """The lines without their ends. :raises ReadError: at a line longer than `MAX_LINE`."""
        with open(self.path, encoding=self.encoding, errors="replace") as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise _line_too_long(self.path, number)
                yield line.rstrip("\n")


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
        with open(path, "rb") as file:
            first = file.read(_BLOCK)
    except (OSError, ValueError) as error:
        raise ReadError(
            f"{name}: cannot be opened ({_reason(error)}); check the path and its rights"
        ) from error
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
    if scan.undefined or scan.high > 0.3 * scan.size:
        raise ReadError(f"{name}: neither UTF-8, UTF-16 nor Windows-1252; save it as UTF-8 text")
    return "cp1252", 0


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
    line, run = 1, 0  # number and length so far of the line being scanned
    with open(name, "rb") as file:
        while block := file.read(_BLOCK):
            newlines = block.count(b"\n") or block.count(b"\r")
            tail = len(block) - max(block.rfind(b"\n"), block.rfind(b"\r")) - 1
            line, run = line + newlines, tail if newlines else run + len(block)
            if run > 4 * MAX_LINE:
                raise _line_too_long(name, line)
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
    scan.multibyte += sum(1 for c in text if c > "\x7f") - max(bad, 0)
    scan.high += len(block) - len(block.translate(None, bytes(range(128, 256))))
    scan.undefined += len(block) - len(block.translate(None, b"\x81\x8d\x8f\x90\x9d"))


def _read_head(name: str, encoding: str) -> str:
    try:
        with open(name, encoding=encoding, errors="replace") as file:
            head = file.read(HEAD)
    except UnicodeError as error:
        raise ReadError(f"{name}: cannot be decoded as {encoding}; save it as UTF-8 text") from error
    if not head.strip("\ufeff \t\r\n\x00"):
        raise ReadError(f"{name}: empty file; name one that holds papers")
    return head
