"""Reading files: the format is found by content, good records are kept, errors say what to do."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ReadError, UsageError
from index.readers.table import expand_paths, read_file, read_paths, sniff_format
from index.readers.textfile import MAX_LINE
from index.types import FileReading, Problem, Source

LONG = (
    "We study how river gauges drift over the seasons and what that does to flood forecasts. "
    "Twelve gauges were read by hand for two years, and the readings were compared with those of the "
    "automatic stations. The drift was 3.1 cm in winter and 0.4 cm in summer, which moved the forecast "
    "by up to two hours. A simple correction removed most of it, and we give the table of corrections. "
    "The method needs no new instruments and works for any station that is visited twice a year."
)
OTHER = LONG.replace("river gauges", "tide gauges").replace("Twelve", "Thirty")
HEADER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
HEADER += "byAK and the research community\n\nAug 20\n\n"


def write(folder: Path, content: str | bytes, name: str = "in.dat") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def read(folder: Path, content: str | bytes, format: str | None = None) -> FileReading:
    return read_file(write(folder, content), format)


# --- daily-papers ---------------------------------------------------------------------------------


def test_a_page_without_notes_gives_title_and_abstract_and_no_date(tmp_path):
    page = HEADER + f"Drift of River Gauges\n\n{LONG}\n\nDrift of Tide Gauges\n\n{OTHER}\n"
    reading = read(tmp_path, page)
    assert (reading.format, reading.read, reading.skipped) == ("daily-papers", 2, 0)
    assert [p.title for p in reading.papers] == ["Drift of River Gauges", "Drift of Tide Gauges"]
    assert [p.abstract for p in reading.papers] == [LONG, OTHER]
    assert [(p.year, p.date) for p in reading.papers] == [(None, None)] * 2
    assert [p.sources[0].line for p in reading.papers] == [13, 17]


def test_notes_of_entries_go_to_their_entry_and_do_not_shift_the_next(tmp_path):
    page = HEADER + (
        f"One\n\n{LONG}\n\n  • 4 authors\n·\nFeb 16, 2024\n\n"
        f"Two Things and More\n\n{LONG}\n\n  • 12 authors\n·\nAug 20 2\n\n"
        f"Three\n\n{LONG}\n\nUni-X Uni-X\n·\nOct 7\n\n"
        f"Four\n\n{LONG}\n\nFive Without Notes\n\n{OTHER}\n"
    )
    papers = read(tmp_path, page).papers
    assert [p.title for p in papers] == ["One", "Two Things and More", "Three", "Four", "Five Without Notes"]
    assert [(p.year, p.date) for p in papers] == [
        (2024, "Feb 16, 2024"), (None, "Aug 20"), (None, "Oct 7"), (None, None), (None, None),
    ]  # fmt: skip
    assert [dict(p.extra) for p in papers] == [
        {"authors_count": 4}, {"authors_count": 12, "comments": 2}, {"organisation": "Uni-X"}, {}, {},
    ]  # fmt: skip
    assert papers[4].abstract == OTHER


def test_a_page_without_any_header_is_known_by_its_rhythm(tmp_path):
    entries = "\n\n".join(f"A Title of Number {n}\n\n{LONG} {n}." for n in range(4))
    reading = read(tmp_path, entries)
    assert reading.format == "daily-papers"
    assert [p.title for p in reading.papers] == [f"A Title of Number {n}" for n in range(4)]


def test_two_saved_pages_in_one_file_keep_their_page_dates_out_of_the_entries(tmp_path):
    page = HEADER + f"First Entry\n\n{LONG}\n\n" + HEADER + f"Second Entry\n\n{OTHER}\n"
    papers = read(tmp_path, page).papers
    assert [(p.title, p.date) for p in papers] == [("First Entry", None), ("Second Entry", None)]


def test_a_question_as_title_is_a_title_and_a_short_abstract_an_abstract(tmp_path):
    short = "We read forty gauges twice a year, and found no drift at all in them."
    page = (
        HEADER + f"Do gauges that nobody reads for many years still tell the truth about rivers?\n\n{short}\n"
    )
    paper = read(tmp_path, page).papers[0]
    assert paper.title.endswith("about rivers?")
    assert paper.abstract == short


def test_an_entry_without_an_abstract_is_kept_and_reported(tmp_path):
    reading = read(tmp_path, HEADER + f"Only a Title\n\n  • 3 authors\n·\nMay 1\n\nFull Entry\n\n{LONG}\n")
    assert [(p.title, bool(p.abstract)) for p in reading.papers] == [
        ("Only a Title", False),
        ("Full Entry", True),
    ]
    assert reading.problems == (Problem(13, "entry without an abstract"),)
    assert reading.skipped == 0


def test_an_abstract_that_the_page_cut_is_marked(tmp_path):
    papers = read(tmp_path, HEADER + f"Cut\n\n{LONG[:-1]} ...\n\nWhole\n\n{OTHER}\n").papers
    assert [p.truncated for p in papers] == [True, False]


# --- abstract-lines -------------------------------------------------------------------------------


def test_bare_abstracts_are_untitled_papers_and_those_at_the_cap_are_marked_cut(tmp_path):
    long = " ".join([LONG] * 4)
    lines = [LONG, long[:1200], OTHER, "B" + long[1:1199] + " "]
    reading = read(tmp_path, "\n".join(lines) + "\n")
    assert (reading.format, reading.read) == ("abstract-lines", 4)
    assert [p.title for p in reading.papers] == [None] * 4
    assert [p.truncated for p in reading.papers] == [False, True, False, True]
    assert [p.sources for p in reading.papers][1] == (Source(reading.path, 2, "abstract-lines"),)


# --- JSON -----------------------------------------------------------------------------------------


def test_json_lines_keep_their_fields(tmp_path):
    record = {
        "title": "Gauges", "abstract": LONG, "authors": ["Ada Low", {"given": "Bo", "family": "Rud"}],
        "year": "2021-03-04", "journal": {"name": "J. Rivers"}, "doi": "https://doi.org/10.1000/ABC.7",
        "pmid": 123456, "url": "https://example.org/x", "key": "low2021", "keywords": ["river", "gauge"],
    }  # fmt: skip
    paper = read(tmp_path, json.dumps(record)).papers[0]
    assert paper.id == "doi:10.1000/abc.7"
    assert paper.authors == ("Ada Low", "Rud, Bo")
    assert (paper.year, paper.date, paper.venue) == (2021, "2021-03-04", "J. Rivers")
    assert (paper.doi, paper.pmid, paper.url) == ("10.1000/abc.7", "123456", "https://example.org/x")
    assert (paper.key, paper.keywords, dict(paper.extra)) == ("low2021", ("river", "gauge"), {})


def test_a_beir_line_keeps_its_id(tmp_path):
    reading = read(tmp_path, '{"_id": "31715818", "title": "T", "text": "Some text.", "metadata": {}}\n')
    paper = reading.papers[0]
    assert (reading.format, paper.id, paper.title, paper.abstract) == ("jsonl", "31715818", "T", "Some text.")


def test_ids_come_from_arxiv_then_pmid_then_content(tmp_path):
    lines = [
        {"title": "A", "arxiv_id": "arXiv:2101.00001v2"}, {"title": "B", "pmid": "77"}, {"title": "C d"},
        {"title": "c  D"}, {"title": "E", "url": "https://arxiv.org/abs/2202.01234v1"},
        {"externalIds": {"DOI": "10.1234/x", "ArXiv": "1905.00001"}, "title": "F"},
    ]  # fmt: skip
    ids = [p.id for p in read(tmp_path, "\n".join(map(json.dumps, lines))).papers]
    assert ids[:2] == ["arxiv:2101.00001", "pmid:77"]
    assert ids[2] == ids[3] == "p-6ebc5b1b9edd"
    assert ids[4:] == ["arxiv:2202.01234", "doi:10.1234/x"]


def test_broken_json_lines_are_problems_and_the_good_ones_are_kept(tmp_path):
    text = '{"title": "A"}\n{"title": \n\n[1, 2]\n{"year": 2020}\n{"title": "B"}\n'
    reading = read(tmp_path, text)
    assert [p.title for p in reading.papers] == ["A", "B"]
    assert (reading.read, reading.skipped) == (5, 3)
    assert [p.line for p in reading.problems] == [2, 4, 5]
    assert reading.problems[0].why.startswith("broken JSON (Expecting value")
    assert reading.problems[1].why.startswith("not an object; expected")
    assert reading.problems[2].why.startswith("neither a title nor an abstract")


def test_hostile_json_is_a_problem_not_a_crash(tmp_path):
    deep, number = '{"a": ' + "[" * 100_000, '{"title": 1' + "0" * 5000 + "}"
    reading = read(tmp_path, f'{deep}\n{number}\n{{"title": "ok"}}\n', format="jsonl")
    assert [p.title for p in reading.papers] == ["ok"]
    assert len(reading.problems) == 2


@pytest.mark.parametrize("shape", ["array", "pretty", "object", "single"])
def test_json_arrays_are_read_in_any_layout(tmp_path, shape):
    items = [{"title": "A", "abstract": "x"}, {"title": "B"}]
    text = {
        "array": json.dumps(items), "pretty": json.dumps(items, indent=1),
        "object": json.dumps({"papers": items}, indent=1), "single": json.dumps(items[0], indent=1),
    }[shape]  # fmt: skip
    reading = read(tmp_path, text)
    assert [p.title for p in reading.papers] == (["A"] if shape == "single" else ["A", "B"])
    if shape == "pretty":
        assert (reading.format, [p.sources[0].line for p in reading.papers]) == ("json", [2, 6])


def test_a_broken_record_of_an_array_is_a_problem_and_the_others_are_kept(tmp_path):
    reading = read(tmp_path, '[\n{"title": "A"},\n{"title" "B"},\n{"title": "C"}\n]')
    assert [(p.title, p.sources[0].line) for p in reading.papers] == [("A", 2), ("C", 4)]
    assert (reading.read, reading.skipped, reading.problems[0].line) == (3, 1, 3)


def test_an_array_with_nothing_to_read_says_where(tmp_path):
    with pytest.raises(ReadError, match=r"in\.dat:2: broken JSON .* mend the file"):
        read(tmp_path, '[\n{"title" "B"}\n]')
    with pytest.raises(ReadError, match=r"in\.dat: broken JSON \(.* at column 15\)"):
        read(tmp_path, '{"papers": [],\n', format="json")


def test_an_openalex_work_is_put_back_into_words(tmp_path):
    work = {
        "id": "https://openalex.org/W42", "title": "Gauges", "publication_year": 2020,
        "abstract_inverted_index": {"drift.": [2], "The": [0], "gauges": [1]},
        "authorships": [{"author": {"display_name": "Ada Low"}}],
        "primary_location": {"source": {"display_name": "J. Rivers"}},
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/77"}, "doi": "https://doi.org/10.1000/Q",
    }  # fmt: skip
    paper = read(tmp_path, json.dumps({"results": [work]})).papers[0]
    assert (paper.id, paper.abstract, paper.authors) == ("W42", "The gauges drift.", ("Ada Low",))
    assert (paper.year, paper.venue, paper.pmid, paper.doi) == (2020, "J. Rivers", "77", "10.1000/q")


def test_a_crossref_answer_is_unwrapped_and_its_markup_dropped(tmp_path):
    work = {
        "DOI": "10.1000/q", "title": ["Gauges"], "source": "Crossref", "container-title": ["J. Rivers"],
        "author": [{"given": "Ada", "family": "Low"}], "issued": {"date-parts": [[2019, 5]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title>"
        "<jats:p>H<jats:sub>2</jats:sub>O &amp; more.</jats:p></jats:sec>",
    }  # fmt: skip
    paper = read(tmp_path, json.dumps({"status": "ok", "message": work})).papers[0]
    assert (paper.title, paper.abstract) == ("Gauges", "Aim: H2O & more.")
    assert (paper.authors, paper.year, paper.venue) == (("Low, Ada",), 2019, "J. Rivers")


def test_an_arxiv_record_has_the_year_of_its_first_version(tmp_path):
    record = {
        "id": "0704.0001", "title": "Gauges\n  and rivers", "abstract": "  We\nsee.",
        "update_date": "2015-05-13", "authors_parsed": [["Low", "Ada", ""]], "authors": "Ada Low",
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    }  # fmt: skip
    paper = read(tmp_path, json.dumps(record)).papers[0]
    assert (paper.id, paper.arxiv_id, paper.year) == ("0704.0001", "0704.0001", 2007)
    assert (paper.title, paper.abstract, paper.authors) == ("Gauges and rivers", "We see.", ("Low, Ada",))


# --- tables ---------------------------------------------------------------------------------------


def test_a_zotero_export_is_read(tmp_path):
    text = (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Abstract Note"\n'
        f'"ABCD1234","paper","2020","Low, Ada; Rud, Bo","Gauges","J. Rivers","10.1000/q","{LONG}"\n'
    )
    reading = read(tmp_path, text)
    paper = reading.papers[0]
    assert (reading.format, paper.title, paper.abstract) == ("csv", "Gauges", LONG)
    assert (paper.authors, paper.year, paper.venue) == (("Low, Ada", "Rud, Bo"), 2020, "J. Rivers")
    assert (paper.id, paper.key) == ("doi:10.1000/q", None)
    assert paper.extra["Zotero Key"] == "ABCD1234"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_over_several_lines_keep_the_line_on_which_the_record_starts(tmp_path, delimiter):
    rows = [["Title", "Abstract", "Year"], ["A", '"one\ntwo\n\nthree"', "2001"], ["B", "four", "2002"]]
    reading = read(tmp_path, "\r\n".join(delimiter.join(row) for row in rows))
    assert [(p.title, p.abstract, p.year) for p in reading.papers] == [
        ("A", "one two three", 2001),
        ("B", "four", 2002),
    ]
    assert [p.sources[0].line for p in reading.papers] == [2, 6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_are_recognised(tmp_path, encoding):
    reading = read(tmp_path, "Title,Abstract\nÉtude à Liège,Les mesures – vérifiées.\n".encode(encoding))
    assert (reading.papers[0].title, reading.papers[0].abstract) == (
        "Étude à Liège",
        "Les mesures – vérifiées.",
    )


def test_a_broken_byte_in_utf8_spoils_only_its_place(tmp_path):
    text = "title,abstract\nétude été à côté,x\nB\xffd,y\n".encode().replace("\xff".encode(), b"\xff")
    reading = read(tmp_path, text)
    assert [p.title for p in reading.papers] == ["étude été à côté", "B\ufffdd"]
    assert reading.problems[0].why.startswith("1 places that are not utf-8")


def test_rows_without_title_and_abstract_are_skipped(tmp_path):
    reading = read(tmp_path, "title;abstract;doi\nA;x;10.1000/1\n ; ;10.1000/2\n;;\nB;;\n")
    assert [p.title for p in reading.papers] == ["A", "B"]
    assert (reading.read, reading.skipped, reading.problems[0].line) == (3, 1, 3)


def test_a_table_without_the_columns_names_those_it_has(tmp_path):
    with pytest.raises(ReadError, match=r"no title or abstract column \(columns: Name, Age, City\); rename"):
        read(tmp_path, "Name,Age,City\nAda,3,Rome\nBo,4,Oslo\n")


def test_a_row_with_unquoted_delimiters_is_kept_and_reported(tmp_path):
    reading = read(tmp_path, "title,abstract\nA,one, two\nB,c,,\n")
    assert [(p.title, p.abstract) for p in reading.papers] == [("A", "one"), ("B", "c")]
    why = "3 cells for 2 columns: quote the cells that hold a delimiter"
    assert reading.problems == (Problem(2, why),)


def test_the_better_known_column_wins_wherever_it_stands(tmp_path):
    header = "Source,Publication Date,Article Title,Source Title,Publication Year,Abstract"
    paper = read(tmp_path, f"{header}\nDB,APR 12,T,J. Rivers,2018,x\n").papers[0]
    assert (paper.title, paper.venue, paper.year, paper.date) == ("T", "J. Rivers", 2018, None)
    assert dict(paper.extra) == {"Source": "DB", "Publication Date": "APR 12"}


def test_author_strings_are_split_as_the_exports_write_them(tmp_path):
    from index.readers.people import parse_authors

    assert parse_authors("Low, Ada; Rud, Bo") == ("Low, Ada", "Rud, Bo")
    assert parse_authors("['Low, Ada', 'Rud, Bo']") == ("Low, Ada", "Rud, Bo")
    assert parse_authors("Liu R., Adler D.G.") == ("Liu R.", "Adler D.G.")
    assert parse_authors("Ada Low and Bo Rud") == ("Ada Low", "Bo Rud")
    assert parse_authors("Low, Ada") == ("Low, Ada",)
    assert parse_authors([{"author": {"display_name": "Ada Low"}}, ["Rud", "Bo", ""], 7, None]) == (
        "Ada Low", "Rud, Bo", "7",
    )  # fmt: skip


def test_years_are_taken_from_dates_and_never_invented(tmp_path):
    from index.readers.fields import parse_year

    assert parse_year(2014) == (2014, None)
    assert parse_year("2014//") == (2014, None)
    assert parse_year("2014.0") == (2014, None)
    assert parse_year("May 2014") == (2014, "May 2014")
    assert parse_year("Aug 20") == (None, "Aug 20")
    assert parse_year({"date-parts": [[2019, 5]]}) == (2019, "2019-5")
    assert parse_year("") == (None, None)


# --- plain text and refusals ----------------------------------------------------------------------


def test_a_plain_text_is_one_paper(tmp_path):
    reading = read(tmp_path, f"# On Gauges\n\nAbstract: {LONG}\nMore of it.\n")
    assert reading.format == "text"
    assert [(p.title, p.abstract) for p in reading.papers] == [("On Gauges", LONG + " More of it.")]


def test_prose_with_commas_is_not_a_table(tmp_path):
    assert read(tmp_path, "Gauges, rivers, floods\nWe read gauges, boats, and mills.\n").format == "text"
    assert read(tmp_path, "Abstract\nWe read gauges, boats, and mills.\n").format == "text"


def test_an_endless_abstract_is_cut_and_marked(tmp_path):
    paper = read(tmp_path, json.dumps({"title": "A", "abstract": "gauge " * 20_000})).papers[0]
    assert (len(paper.abstract), paper.truncated) == (49_997, True)


REFUSED = {
    "empty": (b"", "empty file"),
    "blank": (b" \n\n", "empty file"),
    "binary": (b"\x00\x01\x02\x03" * 50, "binary"),
    "pdf": (b"%PDF-1.7 ...", "is a PDF"),
    "zip": (b"PK\x03\x04xx", "ZIP archive"),
    "gzip": (b"\x1f\x8b\x08xx", "damaged gzip"),
    "other code page": (bytes(range(0xB0, 0xF0)) * 20, "neither UTF-8"),
    "xml of another kind": (b'<?xml version="1.0"?><feed/>', "looks like XML of a kind"),
    "html": (b"<!DOCTYPE html><html></html>", "looks like HTML"),
    "no letters": (b"12 34\n5 6\n", "no known format"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, content, why):
    with pytest.raises(ReadError, match=why) as error:
        read(tmp_path, content)
    assert "\n" not in str(error.value)
    assert "in.dat" in str(error.value)


def test_a_line_without_end_is_left_out_before_it_fills_the_memory(tmp_path):
    lines = [b'{"title": "A"}', b'{"title": "' + b"x" * (MAX_LINE + 10) + b'"}', b'{"title": "B"}']
    reading = read_file(write(tmp_path, b"\n".join(lines)))
    assert [p.title for p in reading.papers] == ["A", "B"]
    assert reading.problems == (Problem(2, "a line of more than 10 MB; the record is left out"),)


def test_a_missing_file_and_an_unknown_format_are_named(tmp_path):
    with pytest.raises(ReadError, match="nowhere.txt: not a file"):
        read_file(tmp_path / "nowhere.txt")
    with pytest.raises(UsageError, match="no format is called 'xls'; choose one of xlsx, jsonl"):
        read_file(write(tmp_path, "A\n"), "xls")
    with pytest.raises(ReadError, match="holds no files"):
        list(expand_paths([tmp_path / "void"])) if (tmp_path / "void").mkdir() is None else None


def test_folders_are_walked_in_order_without_hidden_files(tmp_path):
    for name in ("b.txt", "a.jsonl", ".hidden", "sub/c.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"title": "A"}' if name.endswith("jsonl") else "Title line\n\nBody of it.\n")
    readings = list(read_paths([tmp_path]))
    assert [os.path.relpath(r.path, tmp_path) for r in readings] == ["a.jsonl", "b.txt", "sub/c.txt"]
    assert [r.format for r in readings] == ["jsonl", "text", "text"]


def test_the_name_of_a_file_decides_nothing(tmp_path):
    assert sniff_format(write(tmp_path, '{"title": "A"}\n', "x.csv")) == "jsonl"
    assert sniff_format(write(tmp_path, "title,abstract\nA,b\n", "x.json")) == "csv"


def test_stored_text_is_composed_and_holds_no_unseen_characters(tmp_path):
    text = "e\u0301tude\u202e \u0007of\ufeff \U000e0041gauges\u0000,\ud800  α–Ω 👩\u200d🔬"
    line = json.dumps({"title": text, "abstract": " a\n\tb\u00a0c \u200e"})
    paper = read(tmp_path, line).papers[0]
    assert paper.title == "étude of gauges, α–Ω 👩\u200d🔬"
    assert paper.abstract == "a b c"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400), st.text(max_size=400).map(lambda t: t.encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_read_or_refused_with_one_line(tmp_path, content):
    path = write(tmp_path, content)
    try:
        reading = read_file(path)
    except ReadError as error:
        assert "\n" not in str(error)
    else:
        assert reading.read == len(reading.papers) + reading.skipped


# --- real pages, where they are at hand -----------------------------------------------------------

SHARED = Path(os.environ.get("IBID_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the folder with real pages is not here")
def test_the_real_pages_give_399_entries_and_326_papers():
    from index.cleaning import match_key
    from index.dedupe import fold

    readings = list(read_paths([SHARED / "seeds"]))
    assert [r.format for r in readings] == ["daily-papers"] * 4 + ["abstract-lines"]
    assert [r.read for r in readings] == [126, 71, 92, 90, 20]
    papers, duplicates = fold(p for r in readings for p in r.papers)
    titled = sum(p.title is not None for p in papers)
    assert (len(papers), duplicates, titled) == (326, 73, 306)
    path = SHARED / "eval" / "seedqa" / "corpus.jsonl"
    corpus = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    mine = {(match_key(p.title or ""), match_key(p.abstract)): p for p in papers}
    for record in corpus:
        paper = mine[match_key(record["title"] or ""), match_key(record["abstract"])]
        where = sorted(f"{Path(s.path).name[:3]}:{s.line}" for s in paper.sources)
        assert where == sorted(record["sources"])
        assert paper.extra.get("authors_count") == record["authors_count"]
