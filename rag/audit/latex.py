"""LaTeX with the cite family of natbib and biblatex. Nothing is run and no file is followed.

Comments, mathematics set apart, tables, figures and listings are no prose; what they cite is kept as
loose citations. Files that are drawn in are named as not followed.
"""

from __future__ import annotations

import re

from index.latex import to_plain
from index.readers.textfile import TextFile
from rag.audit.draft import Draft, Entry, Gathered, Notes
from rag.audit.prose import Lines, Prose

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_NOT_CITES = frozenset(
    "citestyle citesetup citereset bibcite newcite citename citefield citelist citealias citetrackertrue "
    "DeclareCiteCommand defcitealias setcitestyle citeindextrue AtEveryCite".split()
)
_CITES = re.compile(
    r"\\(?P<name>[A-Za-z]*[cC]ite[A-Za-z]*)\*?"
    r"(?P<lists>(?:\s*(?:\([^()]*\)){0,2}(?:\[[^\[\]]*\]\s*){0,2}\{[^{}]*\})+)"
)
_SKIPPED = (
    "equation align alignat gather multline eqnarray displaymath math figure wrapfigure table wraptable "
    "longtable tabular tabularx tabulary sidewaystable algorithm algorithmic tikzpicture array "
    "thebibliography verbatim Verbatim lstlisting minted comment filecontents"
).split()
_LITERAL = frozenset("verbatim Verbatim lstlisting minted comment filecontents".split())
_BEGIN = re.compile(rf"\\begin\s*\{{({'|'.join(_SKIPPED)})(\*?)\}}")
_DROPPED = (  # commands whose argument is no prose
    "label ref eqref autoref cref Cref pageref nameref vspace hspace includegraphics bibliographystyle "
    "documentclass usepackage input include subfile url href thanks pagestyle thispagestyle setlength "
    "newcommand renewcommand def bibliography addbibresource hypersetup graphicspath index gls Gls acrshort "
    "glspl date author affiliation affil email institute keywords acknowledgments"
).split()
_HEADINGS = (
    "part chapter section subsection subsubsection paragraph subparagraph title caption subtitle".split()
)
_TOKEN = re.compile(
    rf"(?P<cite>{_CITES.pattern})"
    r"|(?P<begin>\\begin\s*\{[^{}]*\}(?:\[[^\]]*\])?)|(?P<end>\\end\s*\{[^{}]*\})"
    r"|(?P<display>\$\$.*?\$\$|\\\[.*?\\\])"
    rf"|(?P<heading>\\(?:{'|'.join(_HEADINGS)})\*?\s*(?:\[[^\]]*\])?\s*(?=\{{))"
    r"|(?P<foot>\\(?:footnote|footnotetext|marginpar)\s*(?:\[[^\]]*\])?\s*(?=\{))"
    rf"|(?P<dropped>\\(?:{'|'.join(_DROPPED)})(?![A-Za-z])\*?(?:\s*\[[^\]]*\])*(?:\s*\{{[^{{}}]*\}})*)"
    r"|(?P<item>\\item\b(?:\s*\[[^\]]*\])?|\\par\b|\\\\(?:\[[^\]]*\])?|\n[ \t]*\n\s*|\\maketitle\b)"
    r"|(?P<escape>\\[%&_#$])|(?P<accent>\\['`^\"~=.cvuHkr](?:\{\\?[A-Za-z]\}|\s?\\?[A-Za-z](?![A-Za-z])))"
    r"|(?P<command>\\(?P<word>[A-Za-z]+)\*?(?:\[[^\]]*\])?[ \t]*|\\[,;:! \\/@-])"
    r"|(?P<blank>~|[ \t]*\n[ \t]*)|(?P<brace>[{}])|(?P<dash>-{2,3})|(?P<quote>``|'')",
    re.DOTALL,
)
_VERB = re.compile(r"\\(?:verb|lstinline)\*?([^\sA-Za-z*{])[^\n]*?\1")
_INPUT = re.compile(r"\\(?:input|include|subfile|import\s*\{[^{}]*\})\s*\{([^{}]*)\}")
_BIB = re.compile(r"\\(?P<command>bibliography|addbibresource(?:\[[^\]]*\])?)\s*\{(?P<files>[^{}]*)\}")
_BIBITEM = re.compile(
    r"\\bibitem\s*(?:\[(?:[^\[\]]|\{[^{}]*\})*\])?\s*\{(?P<key>[^{}]*)\}"
    r"(?P<text>.*?)(?=\\bibitem|\\end\s*\{thebib|\Z)",
    re.DOTALL,
)
_SYMBOLS = {"ldots": "…", "dots": "…", "LaTeX": "LaTeX", "TeX": "TeX", "ss": "ß", "textendash": "–",
            "textemdash": "—", "pm": "±", "times": "×", "textpm": "±", "quad": " ",
            "newline": " "}  # fmt: skip


def read(file: TextFile) -> Draft:
    """The draft in a LaTeX file."""
    source = _VERB.sub(lambda m: " " * len(m.group()), file.text())
    masked = _COMMENT.sub(lambda m: m.group(1) + " " * (len(m.group()) - len(m.group(1))), source)
    found, where = Gathered(), Lines(source)
    masked = _without_literals(masked, found, where)
    for m in _INPUT.finditer(masked):
        found.problem(
            where(m.start()), f"{m.group(1).strip()} is drawn in and not followed; check it by itself"
        )
    for m in _BIB.finditer(masked):
        names = [name.strip() for name in m.group("files").split(",") if name.strip()]
        found.bibliographies += [n if re.search(r"\.\w+$", n) else f"{n}.bib" for n in names]
    for m in _BIBITEM.finditer(masked):
        text = " ".join(to_plain(re.sub(r"\\newblock\b", " ", m.group("text"))).split())
        found.entries.append(Entry(m.group("key").strip(), where(m.start()), text))
    start, stop = _body(masked, found, where)
    prose = Prose(source)
    _Scanner(masked, prose, found, where).scan(start, stop)
    return found.draft(file.path, "latex", sorted(prose.sentences, key=lambda s: s.start))


def _without_literals(masked: str, found: Gathered, where: Lines) -> str:
    """The source with listings blanked out; one that is never closed takes the rest with it."""
    at, parts = 0, []
    while begin := _BEGIN.search(masked, at):
        if begin.group(1) not in _LITERAL:
            parts.append(masked[at : begin.end()])
            at = begin.end()
            continue
        end = masked.find(f"\\end{{{begin.group(1)}{begin.group(2)}}}", begin.end())
        if end < 0:
            found.problem(where(begin.start()), f"{begin.group()} is never closed; the rest was not read")
            end = len(masked)
        parts += [masked[at : begin.start()], re.sub(r"[^\n]", " ", masked[begin.start() : end])]
        at = end
    return "".join([*parts, masked[at:]])


def _body(masked: str, found: Gathered, where: Lines) -> tuple[int, int]:
    begin = re.search(r"\\begin\s*\{document\}", masked)
    end = re.compile(r"\\end\s*\{document\}").search(masked, begin.end() if begin else 0)
    if begin and not end:
        found.problem(where(begin.start()), "\\begin{document} is never closed; read to the end of the file")
    return begin.end() if begin else 0, end.start() if end else len(masked)


class _Scanner:
    """Walks the text once and hands prose over; `masked` has the offsets of the source."""

    def __init__(self, masked: str, prose: Prose, found: Gathered, where: Lines) -> None:
        self._masked, self._prose, self._found, self._where = masked, prose, found, where
        self._asides: list[tuple[int, int]] = []
        self._pairs = _pairs(masked, 0, len(masked))

    def scan(self, start: int, stop: int) -> None:
        """Read a span as prose; footnotes in it come after the paragraph that they stand in."""
        at = start
        while at < stop:
            m = _TOKEN.search(self._masked, at, stop)
            self._prose.take(at, m.start() if m else stop)
            if not m:
                break
            at = self._token(m, stop)
        self._close()

    def _close(self, *, keep: bool = True) -> None:
        self._found.loose += self._prose.end(keep=keep)
        asides, self._asides = self._asides, []
        for a, b in asides:
            self.scan(a, b)

    def _token(self, m: re.Match[str], stop: int) -> int:
        """Deal with one token; returns where to go on."""
        kind = next(k for k in _KINDS if m.group(k) is not None)
        if kind == "cite":
            self._cite(m)
        elif kind == "begin":
            return self._environment(m, stop)
        elif kind in ("heading", "foot"):
            return self._argument(m, kind, stop)
        elif kind in ("end", "item", "display"):
            if kind != "display":
                self._close()
            self._prose.put(" ", m.start())
        elif kind == "escape":
            self._prose.put(m.group()[1:], m.start())
        elif kind == "accent":
            self._prose.put(to_plain(m.group()), m.start())
        elif kind == "command":
            self._command(m)
        elif kind in _INSTEAD:
            self._prose.put(_INSTEAD[kind](m.group()), m.start())
        return m.end()

    def _command(self, m: re.Match[str]) -> None:
        word = m.group("word")
        if word is None:
            self._prose.put("" if m.group() in ("\\!", "\\/", "\\-", "\\@") else " ", m.start())
        elif word in _SYMBOLS or re.fullmatch(r"alpha|beta|gamma|delta|kappa|mu|sim|leq?|geq?|approx", word):
            self._prose.put(_SYMBOLS.get(word, "") or to_plain(f"\\{word}"), m.start())
        elif re.search(r"[cC]ite", word) and word not in _NOT_CITES:
            self._found.problem(self._where(m.start()), f"\\{word} without a closed list of keys; left out")

    def _cite(self, m: re.Match[str]) -> None:
        name = m.group("name")
        if name in _NOT_CITES:
            return
        lists = re.sub(r"\[[^\[\]]*\]|\([^()]*\)", "", m.group("lists"))
        keys = [k.strip() for k in re.findall(r"[^{},]+", lists) if k.strip()]
        if name == "nocite":
            self._found.all_used |= "*" in keys
            from_here = [k for k in keys if k != "*"]
            quiet = Prose(self._prose.source)
            quiet.cite(from_here, m.start(), m.end())
            self._found.loose += quiet.end(keep=False)
        else:
            self._prose.cite(keys, m.start(), m.end())

    def _environment(self, m: re.Match[str], stop: int) -> int:
        """Skip what is no prose, but keep what it cites; an environment of prose opens a paragraph."""
        begin = _BEGIN.match(m.group())
        self._close()
        if not begin:
            return m.end()
        end = self._masked.find(f"\\end{{{begin.group(1)}{begin.group(2)}}}", m.end(), stop)
        if end < 0:
            line = self._where(m.start())
            self._found.problem(line, f"{begin.group()} is never closed; what follows was read as text")
            return m.end()
        if begin.group(1) != "thebibliography":
            inside = Prose(self._prose.source)
            for cite in _CITES.finditer(self._masked, m.end(), end):
                lists = re.sub(r"\[[^\[\]]*\]", "", cite.group("lists"))
                keys = [k.strip() for k in re.findall(r"[^{},]+", lists) if k.strip()]
                inside.cite(keys, cite.start(), cite.end())
            self._found.loose += inside.end(keep=False)
        return end

    def _argument(self, m: re.Match[str], kind: str, stop: int) -> int:
        """A heading, which is no prose, or a footnote, which is prose of its own."""
        end = self._pairs.get(m.end(), stop)
        if end >= stop:
            self._found.problem(self._where(m.start()), f"{m.group().strip()} is never closed")
            return m.end()
        if kind == "foot":
            self._asides.append((m.end() + 1, end))
            return end + 1
        self._close()
        inside = Prose(self._prose.source)
        for cite in _CITES.finditer(self._masked, m.end(), end):
            lists = re.sub(r"\[[^\[\]]*\]", "", cite.group("lists"))
            inside.cite([k.strip() for k in re.findall(r"[^{},]+", lists)], cite.start(), cite.end())
        self._found.loose += inside.end(keep=False)
        return end + 1


_KINDS = (
    "cite", "begin", "end", "display", "heading", "foot", "dropped", "item", "escape", "accent", "command",
    "blank", "brace", "dash", "quote",
)  # fmt: skip
_INSTEAD = {
    "blank": lambda _: " ",
    "dash": lambda text: "–" if len(text) == 2 else "—",
    "quote": lambda text: "“" if text == "``" else "”",
}


def _pairs(text: str, start: int, stop: int) -> dict[int, int]:
    """Where the brace that opens at an offset is closed, for all that are, in one walk."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for m in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start, stop):
        if m.group() == "{":
            opened.append(m.start())
        elif m.group() == "}" and opened:
            found[opened.pop()] = m.start()
    return found


def annotate(source: str, draft: Draft, notes: Notes) -> str:
    """The LaTeX with a comment line above the line in which each sentence with a note begins."""
    where, parts, at = Lines(source), [], 0
    for n, sentence in sorted(enumerate(draft.sentences), key=lambda pair: pair[1].start):
        if n in notes:
            start = where.start(sentence.start)
            parts += [source[at:start], f"% ibid: {notes[n]}\n"]
            at = start
    return "".join([*parts, source[at:]])
