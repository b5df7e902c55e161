r"""A LaTeX article that pdflatex, xelatex and lualatex compile: preamble, escaped text, tables of cells.

Only packages of every TeX installation are used. What TeX acts on is escaped; signs that pdflatex does
not know by itself are declared in the preamble, as far as the text uses them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from index.latex import to_latex

_GREEK = dict(
    zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        strict=True)
)  # fmt: skip
_MATHS: Mapping[str, str] = {
    **{sign: rf"\ensuremath{{\{name}}}" for sign, name in _GREEK.items()},
    "±": r"\ensuremath{\pm}", "×": r"\ensuremath{\times}", "≤": r"\ensuremath{\le}", "≥": r"\ensuremath{\ge}",
    "≈": r"\ensuremath{\approx}", "≠": r"\ensuremath{\neq}", "→": r"\ensuremath{\to}",
    "←": r"\ensuremath{\leftarrow}", "↑": r"\ensuremath{\uparrow}", "↓": r"\ensuremath{\downarrow}",
    "∞": r"\ensuremath{\infty}", "∈": r"\ensuremath{\in}", "∼": r"\ensuremath{\sim}", "−": r"\ensuremath{-}",
    "∑": r"\ensuremath{\sum}", "√": r"\ensuremath{\surd}", "≪": r"\ensuremath{\ll}", "≫": r"\ensuremath{\gg}",
    "⁰": r"\textsuperscript{0}", "⁴": r"\textsuperscript{4}", "⁵": r"\textsuperscript{5}",
    "⁶": r"\textsuperscript{6}", "⁷": r"\textsuperscript{7}", "⁸": r"\textsuperscript{8}",
    "⁹": r"\textsuperscript{9}", "⁺": r"\textsuperscript{+}", "⁻": r"\textsuperscript{-}",
    "ⁿ": r"\textsuperscript{n}", "′": r"\ensuremath{'}", "‑": "-", "\u2009": r"\,", "\u202f": r"\,",
    "‐": "-", "\u200b": "",
}  # fmt: skip
_KNOWN = frozenset("–—‘’“”„…•°§¶©®™†‡«»¡¿·¹²³¼½¾µ€£¥¢")  # T1 and textcomp have these
_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
%s\else
  \usepackage{fontspec}
\fi
\usepackage[a4paper,margin=2.5cm]{geometry}
\usepackage{longtable}
\usepackage{pdflscape}
\usepackage{array}
\usepackage[hidelinks]{hyperref}
\sloppy
\title{%s}
\date{}
\begin{document}
\maketitle
"""

_OPENING = re.compile(r'(?<![^\s(\[{/–—-])"(?=\S)')


def article(title: str, body: str, also: str = "") -> str:
    """The head of an article and its body. :param also: text of other files whose signs are declared too."""
    head = to_latex(title)
    return _PREAMBLE % ("".join(_declared(body + head + also)), head) + body


def table(
    columns: Sequence[str], rows: Iterator[Sequence[str]], widths: Sequence[float] = ()
) -> Iterator[str]:
    """A long table.

    :param columns: plain text. :param rows: cells in LaTeX. :param widths: of the columns against each other.
    """
    shares = widths or [1.0] * len(columns)
    form = "".join(
        rf">{{\raggedright\arraybackslash}}p{{{0.92 * share / sum(shares):.3f}\linewidth}}"
        for share in shares
    )
    head = " & ".join(rf"\textbf{{{to_latex(c)}}}" for c in columns)
    yield f"\\begin{{longtable}}{{{form}}}\n\\hline\n{head} \\\\\n\\hline\n\\endhead\n"
    for row in rows:
        yield " & ".join(row) + " \\\\\n\\hline\n"
    yield "\\end{longtable}\n"


def _declared(text: str) -> Iterator[str]:
    """A declaration for each sign that pdflatex would stop at."""
    for sign in sorted(set(text)):
        if sign.isascii() or sign in _KNOWN or _composed(sign):
            continue
        shown = _MATHS.get(sign)
        if shown is None:
            letters = "".join(c for c in unicodedata.normalize("NFKD", sign) if c.isascii() and c.isalnum())
            shown = letters or f"[U+{ord(sign):04X}]"
        yield f"  \\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{{shown}}}\n"


def _composed(sign: str) -> bool:
    """Whether it is a Latin letter that T1 has, with or without an accent."""
    return 0x00C0 <= ord(sign) <= 0x017F and sign not in "×÷"


def text_of(text: str) -> str:
    """Text of one line; a bracket at its start would be an argument of what stands before."""
    escaped = _OPENING.sub("``", to_latex(" ".join(text.split()))).replace('"', "''")
    return f"{{}}{escaped}" if escaped.startswith("[") else escaped
