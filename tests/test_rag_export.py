# ruff: noqa: E501 -- records and references stand as they are written
"""What is written is read again as it was, is safe in TeX and spreadsheets, and is set as the styles ask."""

from __future__ import annotations

import csv
import json
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.cleaning import readable
from index.errors import UsageError
from index.latex import to_latex, to_plain
from index.names import split_name
from index.readers.fields import CORPORATE
from index.readers.table import read_file, read_paths
from index.types import Paper
from rag.bibliography import citation_key, citation_keys
from rag.export.styles import STYLES, format_references
from rag.export.table import FORMATS, find_format, write

NAMES = [row.name for row in FORMATS]
ARTICLE = Paper(
    "doi:10.1000/jr.2019.7", "Drift of river gauges over the seasons", "AIM: 50% of {all} gauges drift & p < 0.05.",
    authors=("Low, Ada", "Rud, Bo Carl"), year=2019, date="2019-05-03", venue="Journal of Rivers",
    doi="10.1000/jr.2019.7", pmid="123456", key="low2019", type="article-journal", volume="12", issue="3",
    pages="152-160", publisher="North Press", keywords=("rivers", "gauges, old"), retracted=True,
)  # fmt: skip
MANY = Paper(
    "p-1", "A trial of many hands", "", year=2021, venue="The Lancet", type="article-journal", volume="5",
    pages="e12", authors=tuple(f"Name{chr(65 + n)}, Given" for n in range(23)),
)  # fmt: skip
BOOK = Paper(
    "p-2", "Rivers of the north", "", authors=("van Loon, Eva",), year=2010, publisher="North Press", type="book",
    extra={"edition": "2", "place": "Oslo"},
)  # fmt: skip
CHAPTER = Paper(
    "p-3", "Gauges", "", authors=("Low, Ada",), year=2011, publisher="North Press", pages="1-10", type="chapter",
    venue="Handbook of Rivers", extra={"editors": ["Orr, Cy"], "place": "Oslo"},
)  # fmt: skip
MEETING = Paper(
    "p-4", "TideNet: A net", "", authors=("Sato, Aki",), year=2022, pages="77-85", type="paper-conference",
    venue="Proceedings of the Tide Conference",
)  # fmt: skip
THESIS = Paper(
    "p-5", "On moss", "", authors=("Lind, Rosa",), year=2005, publisher="University of Bergen", type="thesis"
)
REPORT = Paper(
    "p-6", "State of the gauges", "", authors=("World Meteorological Organization",), year=2018, publisher="WMO",
    type="report", extra={"number": "55"},
)  # fmt: skip
PREPRINT = Paper(
    "arxiv:2302.00001",
    "A preprint on mRNA",
    "",
    authors=("Brandt, Jo",),
    year=2023,
    arxiv_id="2302.00001",
    type="article",
)
PAGE = Paper(
    "p-7", "Gauge portal", "", authors=("River Authority",), year=2020, date="2020-01-02", url="https://example.org/g",
    type="webpage",
)  # fmt: skip
DATA = Paper(
    "p-8",
    "Gauge readings",
    "",
    authors=("Low, Ada",),
    year=2017,
    publisher="Zenodo",
    doi="10.5281/zenodo.1",
    type="dataset",
)
UNSIGNED = Paper(
    "p-9", "Do gauges drift?", "", year=2001, venue="Nature", volume="4", pages="7-9", type="article-journal"
)
UNDATED = Paper(
    "p-10",
    "Reading gauges",
    "",
    authors=("Low, Ada",),
    venue="Nature",
    volume="4",
    pages="7",
    type="article-journal",
)
KINDS = [ARTICLE, MANY, BOOK, CHAPTER, MEETING, THESIS, REPORT, PREPRINT, PAGE, DATA, UNSIGNED, UNDATED]


def keyed(papers):
    keys = citation_keys(papers)
    return [(paper, keys[paper.id]) for paper in papers]


def written(papers, name):
    return "".join(write(keyed(papers), name))


def plain(paper, name):
    """A field as far as every format can tell it."""
    value = getattr(paper, name)
    if name == "authors":
        corporate = set(paper.extra.get(CORPORATE) or ())
        return [split_name(readable(a).replace(";", ","), corporate=a in corporate) for a in value]
    if name == "keywords":
        return [word.replace(";", ",") for word in value]
    return readable(value) if isinstance(value, str) else value


def same(before, after):
    for field in fields(Paper):
        if field.name in ("id", "key", "sources", "extra"):
            continue
        old, new = plain(before, field.name), plain(after, field.name)
        if field.name == "type" and old is None:
            continue
        assert old == new, field.name


# --- there and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_as_it_was(tmp_path, name):
    path = tmp_path / "out.dat"
    path.write_text(written(KINDS, name), encoding="utf-8")
    reading = read_file(path)
    assert (reading.read, reading.problems) == (len(KINDS), ())
    keys = citation_keys(KINDS)
    for before, after in zip(KINDS, reading.papers, strict=True):
        same(before, after)
        assert citation_key(after) == keys[before.id]
        for field in ("edition", "place", "number"):
            if field in before.extra and (name, field) != ("ris", "number"):
                assert after.extra[field] == before.extra[field]


NASTY = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(NASTY)
def test_escaping_for_tex_is_undone(text):
    text = readable(" ".join(text.split()))
    assert to_plain(to_latex(text)) == text


@settings(max_examples=40, deadline=None)
@given(title=NASTY, abstract=NASTY)
def test_no_title_or_abstract_breaks_a_file(tmp_path_factory, title, abstract):
    path = tmp_path_factory.mktemp("nasty") / "out.dat"
    paper = replace(ARTICLE, title="T " + readable(title), abstract="A " + readable(abstract))
    for name in NAMES:
        path.write_text(written([paper, BOOK], name), encoding="utf-8")
        reading = read_file(path)
        assert len(reading.papers) == 2, name
        assert reading.papers[1].title == BOOK.title


def test_the_shared_samples_survive_every_format(shared, tmp_path):
    folder = shared / "eval" / "formats"
    if not folder.is_dir():
        pytest.skip("no samples of formats there")
    path = tmp_path / "out.dat"
    for reading in read_paths(
        p for p in folder.rglob("*") if p.is_file() and p.name not in ("LICENSE", "SOURCE.txt")
    ):
        papers = [replace(paper, id=str(n)) for n, paper in enumerate(reading.papers[:25])]
        for name in NAMES if papers else ():
            path.write_text(written(papers, name), encoding="utf-8")
            back = read_file(path).papers
            assert len(back) == len(papers), (reading.path, name)
            for before, after in zip(papers, back, strict=True):
                same(before, after)


# --- single formats -------------------------------------------------------------------------------


def test_bibtex_is_as_latex_wants_it():
    assert written([replace(ARTICLE, abstract="", retracted=False)], "bibtex") == (
        "@article{low2019,\n"
        "  title = {Drift of river gauges over the seasons},\n"
        "  author = {Low, Ada and Rud, Bo Carl},\n"
        "  journal = {Journal of Rivers},\n"
        "  year = {2019},\n"
        "  month = may,\n"
        "  day = {3},\n"
        "  volume = {12},\n"
        "  number = {3},\n"
        "  pages = {152--160},\n"
        "  publisher = {North Press},\n"
        "  doi = {10.1000/jr.2019.7},\n"
        "  pmid = {123456},\n"
        "  keywords = {rivers; gauges, old},\n"
        "}\n\n"
    )
    assert "  date = {2019-05-03},\n" in written([ARTICLE], "biblatex")
    assert "  journaltitle = {Journal of Rivers},\n" in written([ARTICLE], "biblatex")
    assert "title = {{TideNet:} {A} net}" in written([MEETING], "bibtex")
    assert "author = {{World Meteorological Organization}}" in written([REPORT], "bibtex")
    assert r"abstract = {AIM: 50\% of all gauges drift \& p < 0.05.}" in written([ARTICLE], "bibtex")


def test_no_command_of_tex_comes_through():
    hostile = replace(
        BOOK, title=r"\write18{rm} \input{x} $x$ } , year={1", extra={"note": r"\csname end\endcsname"}
    )
    text = written([hostile], "bibtex")
    assert r"\write" not in text and r"\input" not in text and r"\csname" not in text
    assert text.count("\n@") == 0 and text.count("year =") == 1


def test_ris_is_as_reference_managers_want_it():
    assert written([replace(ARTICLE, abstract="")], "ris").splitlines() == [
        "TY  - JOUR", "ID  - low2019", "TI  - Drift of river gauges over the seasons", "AU  - Low, Ada",
        "AU  - Rud, Bo Carl", "T2  - Journal of Rivers", "PY  - 2019", "DA  - 2019/05/03/", "VL  - 12", "IS  - 3",
        "SP  - 152", "EP  - 160", "PB  - North Press", "DO  - 10.1000/jr.2019.7", "KW  - rivers", "KW  - gauges, old",
        "KW  - Retracted Publication", "AN  - 123456", "DB  - PubMed", "ER  - ", "",
    ]  # fmt: skip


def test_csl_json_is_as_pandoc_wants_it():
    item = json.loads(written([CHAPTER], "csl-json"))[0]
    assert item == {
        "id": "low_gauges_2011", "type": "chapter", "title": "Gauges", "author": [{"family": "Low", "given": "Ada"}],
        "editor": [{"family": "Orr", "given": "Cy"}], "issued": {"date-parts": [[2011]]}, "page": "1-10",
        "container-title": "Handbook of Rivers", "publisher": "North Press", "publisher-place": "Oslo",
    }  # fmt: skip
    assert json.loads(written([], "csl-json")) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "=HYPERLINK(", "-cmd|", "'="])
def test_no_cell_of_a_table_is_a_formula_and_reading_gives_it_back(tmp_path, start):
    paper = replace(BOOK, title=f"{start}1+1 of gauges", abstract=f"{start}A", extra={"note": f"{start}x"})
    text = written([paper], "csv")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    (tmp_path / "out.csv").write_text(text)
    back = read_file(tmp_path / "out.csv").papers[0]
    assert (back.title, back.abstract, back.extra["note"]) == (paper.title, paper.abstract, f"{start}x")


def test_a_format_is_named_or_told_by_the_ending():
    assert [find_format(None, name).name for name in ("a.RIS", "a.json", "a.csv", "a.xyz", "")] == [
        "ris", "csl-json", "csv", "bibtex", "bibtex",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="no format is called 'doc'; choose one of bibtex, biblatex, ris"):
        find_format("doc")


def test_keys_are_distinct_in_the_order_of_adding():
    papers = [replace(BOOK, id=str(n)) for n in range(3)]
    assert list(citation_keys(papers).values()) == [
        "vanloon_rivers_2010",
        "vanloon_rivers_2010-1",
        "vanloon_rivers_2010-2",
    ]
    assert citation_keys(papers[:2]) == {"0": "vanloon_rivers_2010", "1": "vanloon_rivers_2010-1"}


# --- styles ---------------------------------------------------------------------------------------

GOLDEN = {
    "apa": [
        "Low, A., & Rud, B. C. (2019). Drift of river gauges over the seasons. Journal of Rivers, 12(3), 152–160. "
        "https://doi.org/10.1000/jr.2019.7",
        "NameA, G., NameB, G., NameC, G., NameD, G., NameE, G., NameF, G., NameG, G., NameH, G., NameI, G., "
        "NameJ, G., NameK, G., NameL, G., NameM, G., NameN, G., NameO, G., NameP, G., NameQ, G., NameR, G., "
        "NameS, G., … NameW, G. (2021). A trial of many hands. The Lancet, 5, e12.",
        "van Loon, E. (2010). Rivers of the north (2nd ed.). North Press.",
        "Low, A. (2011). Gauges. In C. Orr (Ed.), Handbook of Rivers (pp. 1–10). North Press.",
        "Sato, A. (2022). TideNet: A net. Proceedings of the Tide Conference, 77–85.",
        "Lind, R. (2005). On moss [Doctoral dissertation, University of Bergen].",
        "World Meteorological Organization. (2018). State of the gauges (No. 55). WMO.",
        "Brandt, J. (2023). A preprint on mRNA (arXiv:2302.00001). arXiv. https://arxiv.org/abs/2302.00001",
        "River Authority. (2020, January 2). Gauge portal. https://example.org/g",
        "Low, A. (2017). Gauge readings [Data set]. Zenodo. https://doi.org/10.5281/zenodo.1",
        "Do gauges drift? (2001). Nature, 4, 7–9.",
        "Low, A. (n.d.). Reading gauges. Nature, 4, 7.",
    ],
    "ieee": [
        "[1] A. Low and B. C. Rud, “Drift of river gauges over the seasons,” Journal of Rivers, vol. 12, no. 3, "
        "pp. 152–160, May 2019, doi: 10.1000/jr.2019.7.",
        "[2] G. NameA et al., “A trial of many hands,” The Lancet, vol. 5, p. e12, 2021.",
        "[3] E. van Loon, Rivers of the north, 2nd ed. Oslo: North Press, 2010.",
        "[4] A. Low, “Gauges,” in Handbook of Rivers, C. Orr, Ed., Oslo: North Press, 2011, pp. 1–10.",
        "[5] A. Sato, “TideNet: A net,” in Proceedings of the Tide Conference, 2022, pp. 77–85.",
        "[6] R. Lind, “On moss,” Ph.D. dissertation, University of Bergen, 2005.",
        "[7] World Meteorological Organization, “State of the gauges,” WMO, Rep. 55, 2018.",
        "[8] J. Brandt, “A preprint on mRNA,” 2023, arXiv:2302.00001. [Online]. Available: "
        "https://arxiv.org/abs/2302.00001",
        "[9] River Authority, “Gauge portal.” [Online]. Available: https://example.org/g",
        "[10] A. Low, “Gauge readings.” Zenodo, 2017. doi: 10.5281/zenodo.1.",
        "[11] “Do gauges drift?” Nature, vol. 4, pp. 7–9, 2001.",
        "[12] A. Low, “Reading gauges,” Nature, vol. 4, p. 7.",
    ],
    "nature": [
        "1. Low, A. & Rud, B. C. Drift of river gauges over the seasons. Journal of Rivers 12, 152–160 (2019).",
        "2. NameA, G. et al. A trial of many hands. The Lancet 5, e12 (2021).",
        "3. van Loon, E. Rivers of the North 2nd edn (North Press, Oslo, 2010).",
        "4. Low, A. Gauges. in Handbook of Rivers (ed. Orr, C.) 1–10 (North Press, Oslo, 2011).",
        "5. Sato, A. TideNet: A net. in Proceedings of the Tide Conference 77–85 (2022).",
        "6. Lind, R. On moss. PhD thesis, University of Bergen (2005).",
        "7. World Meteorological Organization. State of the Gauges. Report No. 55 (WMO, 2018).",
        "8. Brandt, J. A preprint on mRNA. Preprint at https://arxiv.org/abs/2302.00001 (2023).",
        "9. River Authority. Gauge portal. https://example.org/g (2020).",
        "10. Low, A. Gauge readings. Zenodo https://doi.org/10.5281/zenodo.1 (2017).",
        "11. Do gauges drift? Nature 4, 7–9 (2001).",
        "12. Low, A. Reading gauges. Nature 4, 7.",
    ],
    "ama": [
        "1. Low A, Rud BC. Drift of river gauges over the seasons. Journal of Rivers. 2019;12(3):152-160. "
        "doi:10.1000/jr.2019.7",
        "2. NameA G, NameB G, NameC G, et al. A trial of many hands. The Lancet. 2021;5:e12.",
        "3. van Loon E. Rivers of the North. 2nd ed. North Press; 2010.",
        "4. Low A. Gauges. In: Orr C, ed. Handbook of Rivers. North Press; 2011:1-10.",
        "5. Sato A. TideNet: A net. In: Proceedings of the Tide Conference. 2022:77-85.",
        "6. Lind R. On Moss. Dissertation. University of Bergen; 2005.",
        "7. World Meteorological Organization. State of the Gauges. WMO; 2018.",
        "8. Brandt J. A preprint on mRNA. arXiv. Preprint posted online 2023. https://arxiv.org/abs/2302.00001",
        "9. River Authority. Gauge portal. January 2, 2020. https://example.org/g",
        "10. Low A. Gauge readings. Zenodo. Published online 2017. doi:10.5281/zenodo.1",
        "11. Do gauges drift? Nature. 2001;4:7-9.",
        "12. Low A. Reading gauges. Nature. 4:7.",
    ],
    "harvard": [
        "Low, A. and Rud, B.C. (2019) ‘Drift of river gauges over the seasons’, Journal of Rivers, 12(3), "
        "pp. 152–160. Available at: https://doi.org/10.1000/jr.2019.7.",
        "NameA, G. et al. (2021) ‘A trial of many hands’, The Lancet, 5, p. e12.",
        "van Loon, E. (2010) Rivers of the north. 2nd edn. Oslo: North Press.",
        "Low, A. (2011) ‘Gauges’, in C. Orr (ed.) Handbook of Rivers. Oslo: North Press, pp. 1–10.",
        "Sato, A. (2022) ‘TideNet: A net’, Proceedings of the Tide Conference, pp. 77–85.",
        "Lind, R. (2005) On moss. PhD thesis. University of Bergen.",
        "World Meteorological Organization (2018) State of the gauges. No. 55. WMO.",
        "Brandt, J. (2023) ‘A preprint on mRNA’. arXiv. Available at: https://arxiv.org/abs/2302.00001.",
        "River Authority (2020) Gauge portal. Available at: https://example.org/g.",
        "Low, A. (2017) ‘Gauge readings’. Zenodo. Available at: https://doi.org/10.5281/zenodo.1.",
        "Nature (2001) ‘Do gauges drift?’, 4, pp. 7–9.",
        "Low, A. (no date) ‘Reading gauges’, Nature, 4, p. 7.",
    ],
    "chicago": [
        "Low, Ada, and Bo Carl Rud. 2019. “Drift of River Gauges over the Seasons.” Journal of Rivers 12 (3): 152–60. "
        "https://doi.org/10.1000/jr.2019.7.",
        "NameA, Given, Given NameB, Given NameC, Given NameD, Given NameE, Given NameF, Given NameG, et al. 2021. "
        "“A Trial of Many Hands.” The Lancet 5: e12.",
        "van Loon, Eva. 2010. Rivers of the North. 2nd ed. Oslo: North Press.",
        "Low, Ada. 2011. “Gauges.” In Handbook of Rivers, edited by Cy Orr, 1–10. Oslo: North Press.",
        "Sato, Aki. 2022. “TideNet: A Net.” In Proceedings of the Tide Conference, 77–85.",
        "Lind, Rosa. 2005. “On Moss.” PhD diss., University of Bergen.",
        "World Meteorological Organization. 2018. State of the Gauges. No. 55. WMO.",
        "Brandt, Jo. 2023. “A Preprint on mRNA.” arXiv. https://arxiv.org/abs/2302.00001.",
        "River Authority. 2020. “Gauge Portal.” January 2. https://example.org/g.",
        "Low, Ada. 2017. “Gauge Readings.” Zenodo. https://doi.org/10.5281/zenodo.1.",
        "“Do Gauges Drift?” 2001. Nature 4: 7–9.",
        "Low, Ada. n.d. “Reading Gauges.” Nature 4: 7.",
    ],
}


@pytest.mark.parametrize("style", STYLES)
def test_references_are_set_as_the_style_asks(style):
    got = format_references(keyed(KINDS), style)
    assert got == GOLDEN[style] if STYLES[style].numeric else sorted(got) == sorted(GOLDEN[style])


def test_author_date_styles_are_sorted_and_an_unknown_style_is_named():
    got = format_references(keyed([PAGE, DATA, CHAPTER, ARTICLE, BOOK]), "apa")
    assert [line[:16] for line in got] == [
        "Low, A. (2011). ", "Low, A. (2017). ", "Low, A., & Rud, ", "River Authority.", "van Loon, E. (20",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="no style is called 'mla'; choose one of apa, ieee"):
        format_references([], "mla")


def test_the_command_writes_a_file_that_can_be_read(tmp_path, capsys):
    from index_fixtures import ENCODER

    from index.build import add_readings
    from index.types import FileReading
    from rag.cli import main

    add_readings(tmp_path / "lib", [FileReading("a", "jsonl", (ARTICLE, BOOK), read=2)], ENCODER)
    out = tmp_path / "refs.ris"
    with pytest.raises(SystemExit) as done:
        main(["export", "-L", str(tmp_path / "lib"), "-o", str(out), ARTICLE.id])
    assert done.value.code == 0 and [p.title for p in read_file(out).papers] == [ARTICLE.title]
    with pytest.raises(SystemExit):
        main(["export", "-L", str(tmp_path / "lib"), "--style", "nature", BOOK.id])
    assert (
        capsys.readouterr().out == "1. van Loon, E. Rivers of the North 2nd edn (North Press, Oslo, 2010).\n"
    )
