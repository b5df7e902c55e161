"""A LaTeX draft and the files that it draws in, as one text with the way back to each file.

Only files below the draft's folder are followed, links resolved; nothing is run. A file is read once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadError
from index.readers.textfile import TextFile, open_text
from rag.audit.draft import Gathered
from rag.audit.latex_mask import mask
from rag.audit.prose import MAX_DRAFT, Lines, source_of

MAX_DEPTH = 30  # files within files; TeX has 15 open at once
_INPUT = re.compile(
    r"\\(?:input(?:\s*\{(?P<input>[^{}]*)\}|\s+(?P<bare>[^\s\\{}%]+))"
    r"|(?:include|subfile|subfileinclude)(?![A-Za-z])\s*\{(?P<part>[^{}]*)\}"
    r"|(?:sub)?(?:import|inputfrom|includefrom)\*?\s*\{(?P<folder>[^{}]*)\}\s*\{(?P<file>[^{}]*)\})"
)
_END_INPUT = re.compile(r"\\endinput(?![A-Za-z])")
_BODY = re.compile(r"\\begin\s*\{document\}")
_BODY_END = re.compile(r"\\end\s*\{document\}")


@dataclass(slots=True)
class _Piece:
    """A stretch of one file: where it begins in the whole and in the file."""

    begin: int
    local: int
    path: str
    lines: Lines


class Drawn(Lines):
    """The whole text, masked and not, and the file and line of each offset; the draft's own path is ""."""

    def __init__(self) -> None:
        self.source = self.masked = ""
        self.files: list[str] = []
        self._pieces: list[_Piece] = []
        self._begins: list[int] = []

    def begin(self, piece: _Piece) -> None:
        """Go on with a stretch of a file."""
        self._pieces.append(piece)
        self._begins.append(piece.begin)

    def __call__(self, offset: int) -> int:
        """The line of an offset in its file."""
        return self._at(offset).lines(self.local(offset))

    def path(self, offset: int) -> str:
        """The file of an offset."""
        return self._at(offset).path

    def local(self, offset: int) -> int:
        """The offset within its file."""
        piece = self._at(offset)
        return offset - piece.begin + piece.local

    def _at(self, offset: int) -> _Piece:
        return self._pieces[max(0, bisect_right(self._begins, offset) - 1)]


def draw_in(main: TextFile, found: Gathered) -> Drawn:
    """The draft with its files in their places; what is not followed is a problem of its line."""
    drawer = _Drawer(main, found)
    path = Path(main.path)
    drawer.take(source_of(main), "", path.parent, (path.resolve(),))
    return drawer.drawn()


class _Drawer:
    """Puts the whole together, file by file."""

    def __init__(self, main: TextFile, found: Gathered) -> None:
        self._folder, self._found = Path(main.path).parent, found
        self._root = self._folder.resolve()
        self._seen: set[Path] = set()
        self._source: list[str] = []
        self._masked: list[str] = []
        self._size = 0
        self._whole = Drawn()

    def drawn(self) -> Drawn:
        """All that was taken."""
        self._whole.source, self._whole.masked = "".join(self._source), "".join(self._masked)
        return self._whole

    def take(self, text: str, path: str, folder: Path, within: tuple[Path, ...]) -> None:
        """Add a file, with what it draws in. :param folder: where names are looked for first."""
        lines = Lines(text)
        masked = mask(text, lambda at, why: self._found.problem(lines(at), why, path))
        at, stop = _span(masked, whole=not path)
        for m in _INPUT.finditer(masked, at, stop):
            self._add(text, masked, (at, m.start()), path, lines)
            at = m.end()
            try:
                self._follow(m, folder, within)
            except ReadError as error:
                self._found.problem(lines(m.start()), str(error), path)
        self._add(text, masked, (at, stop), path, lines)

    def _add(self, text: str, masked: str, span: tuple[int, int], path: str, lines: Lines) -> None:
        self._whole.begin(_Piece(self._size, span[0], path, lines))
        self._source.append(text[slice(*span)])
        self._masked.append(masked[slice(*span)])
        self._size += span[1] - span[0]

    def _follow(self, m: re.Match[str], folder: Path, within: tuple[Path, ...]) -> None:
        """Take the file that a command names. :raises ReadError: when it is not to be, or cannot be."""
        name = next((m[k] for k in ("input", "bare", "part", "file") if m[k] is not None), "").strip(' "\n\t')
        base = (m["folder"] or "").strip(' "\n\t')
        if not name:
            return
        path = self._find(f"{base}/{name}" if base else name, (self._folder, folder, within[-1].parent))
        said = str(path.relative_to(self._root))
        if path in within:
            circle = [str(p.relative_to(self._root)) for p in (*within[within.index(path) :], path)]
            raise ReadError(f"{said} draws itself in ({', '.join(circle)}); not followed again")
        if len(within) > MAX_DEPTH:
            raise ReadError(f"{said} is drawn in through more than {MAX_DEPTH} files; not followed")
        if path in self._seen:
            return
        self._seen.add(path)
        text = self._read(path, said)
        self._whole.files.append(str(self._folder / said))
        self.take(text, str(self._folder / said), path.parent if base else folder, (*within, path))

    def _find(self, name: str, folders: tuple[Path, ...]) -> Path:
        """The file of a name, links resolved, ".tex" added where it is left out."""
        if name.startswith("|"):
            raise ReadError(f"{name} is a command to run; nothing is run")
        if re.match(r"[/~]|[A-Za-z]:", name):
            raise ReadError(f"{name} is an absolute path; only files below the draft's folder are followed")
        if "\\" in name or "#" in name or "\x00" in name:
            raise ReadError(f"{name} is named by a macro; it is not followed")
        full = name if name.endswith(".tex") else f"{name}.tex"
        outside = False
        for place in (folder / file for folder in folders for file in dict.fromkeys((full, name))):
            try:
                path = place.resolve()
                inside = path.is_relative_to(self._root)
                if inside and path.is_file():
                    return path
            except (OSError, RuntimeError, ValueError):  # a name too long, links in a circle
                continue
            outside = outside or not inside
        if outside:
            raise ReadError(f"{name} leads out of the draft's folder; it is not followed")
        raise ReadError(f"no file {full} below the folder of the draft; it was not read")

    def _read(self, path: Path, said: str) -> str:
        try:
            if path.stat().st_size == 0:
                return ""
            text = source_of(open_text(path))
        except (OSError, UnicodeError) as error:
            raise ReadError(f"{said} was not read: {error}") from error
        except ReadError as error:
            why = str(error).removeprefix(f"{path}: ").partition(";")[0]
            raise ReadError(f"{said} was not read: {why}") from error
        if self._size + len(text) > MAX_DRAFT:
            raise ReadError(f"{said} was not read: more than {MAX_DRAFT // 10**6} MB in all")
        return text


def _span(masked: str, *, whole: bool) -> tuple[int, int]:
    r"""What of a file is drawn in: up to \endinput, and of one that stands by itself too, its body."""
    end = _END_INPUT.search(masked)
    stop = end.start() if end else len(masked)
    body = None if whole else _BODY.search(masked, 0, stop)
    if not body:
        return 0, stop
    close = _BODY_END.search(masked, body.end(), stop)
    return body.end(), close.start() if close else stop
