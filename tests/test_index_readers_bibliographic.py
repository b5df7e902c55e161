# ruff: noqa: E501 -- records and references stand as they are written
"""Bibliographies of every kind: each field in its place, markup undone, what is broken named by its line."""

from __future__ import annotations

import gzip
import time
import zipfile

import pytest

from index.errors import ReadError
from index.readers.table import read_file, sniff_format
from index.readers.textfile import MAX_LINE


def read(folder, content, name="in.dat"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path)


RIS = """\
TY  - JOUR
ID  - low2019
TI  - Drift of river gauges
AU  - Low, Ada
AU  - World Gauge Office,
T2  - Journal of Rivers
PY  - 2019
DA  - 2019/05/03/
VL  - 12
IS  - 3
SP  - 152
EP  - 160
PB  - North Press
DO  - https://doi.org/10.1000/JR.7
KW  - rivers
KW  - gauges
AB  - AIM: We read gauges.
C1  - kept
ER  - 
"""
BIBTEX = r"""
@string{jr = "Journal of " # "Rivers"}
@comment{nothing}
@Article{low2019,
  title = {Drift of {R}iver gauges: 10$^{-3}$ \& more},
  author = {Ada L{\"o}w and {World Gauge Office} and van der Berg, Jan},
  journal = jr, year = 2019, month = may, day = 3,
  volume = 12, number = "3", pages = {152--160},
  publisher = {North Press},
  doi = {10.1000/JR.7}, keywords = {rivers, gauges},
  abstract = {AIM: We read 50\% of \emph{all} gauges.},
  file = {low.pdf},
}
"""
NBIB = """
PMID- 123456
TI  - Drift of river gauges over
      the seasons.
LID - 10.1000/jr.7 [doi]
AB  - BACKGROUND: Gauges drift. METHODS: We
      read them.
FAU - Low, Ada
AU  - Low A
CN  - Gauge Readers
DP  - 2019 May 3
JT  - Journal of rivers
TA  - J Rivers
VI  - 12
IP  - 3
PG  - 152-60
PT  - Journal Article
PT  - Retracted Publication
MH  - *Rivers/physiology
OT  - gauges
"""
PUBMED = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">123456</PMID><Article>
<Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>12</Volume><Issue>3</Issue>
<PubDate><Year>2019</Year><Month>May</Month><Day>3</Day></PubDate></JournalIssue><Title>Journal of rivers</Title></Journal>
<ArticleTitle>Drift of <i>river</i> gauges: 10<sup>-3</sup> and H<sub>2</sub>O &amp; more</ArticleTitle>
<Pagination><MedlinePgn>152-60</MedlinePgn></Pagination><ELocationID EIdType="doi">10.1000/jr.7</ELocationID>
<Abstract><AbstractText Label="BACKGROUND">Gauges drift.</AbstractText>
<AbstractText Label="METHODS">We read them.</AbstractText></Abstract>
<AuthorList><Author><LastName>Low</LastName><ForeName>Ada</ForeName><Suffix>Jr</Suffix></Author>
<Author><CollectiveName>Gauge Readers</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Rivers</DescriptorName><QualifierName>physiology</QualifierName>
</MeshHeading></MeshHeadingList></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Low, A
   Rud, B
AF Low, Ada
   Rud, Bo
TI Drift of river
   gauges
SO JOURNAL OF RIVERS
DE rivers; gauges
PD MAY 3
PY 2019
VL 12
BP 152
EP 160
DI 10.1000/jr.7
ER

EF
"""
REFER = "%0 Journal Article\n%A Low, Ada\n%T Drift of gauges\n%J Journal of Rivers\n%D 2019\n%V 12\n%P 152-160\n%K rivers\n"
ENDNOTE = """<xml><records><record><ref-type name="Journal Article">17</ref-type><contributors><authors>
<author><style face="normal">Low, Ada</style></author></authors></contributors><titles><title><style>Drift of </style>
<style face="italic">gauges</style></title><secondary-title>Journal of Rivers</secondary-title></titles><pages>152-160</pages>
<volume>12</volume><keywords><keyword>rivers</keyword></keywords><dates><year><style>2019</style></year></dates>
</record></records></xml>"""
JATS = """<article article-type="research-article"><front><journal-meta><journal-title>Journal of Rivers</journal-title></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1000/jr.7</article-id><title-group><article-title>Drift of gauges</article-title>
</title-group><contrib-group><contrib contrib-type="author"><name><surname>Low</surname><given-names>Ada</given-names></name>
</contrib></contrib-group><pub-date pub-type="epub"><day>3</day><month>5</month><year>2019</year></pub-date><volume>12</volume>
<fpage>152</fpage><lpage>160</lpage><abstract><sec><title>Background</title><p>Gauges drift.</p></sec></abstract></article-meta>
</front><body><p>Not the abstract.</p></body></article>"""


def test_ris_fills_the_record(tmp_path):
    reading = read(tmp_path, RIS)
    paper = reading.papers[0]
    assert (reading.format, paper.type, paper.key, paper.title) == (
        "ris", "article-journal", "low2019", "Drift of river gauges",
    )  # fmt: skip
    assert (paper.authors, paper.venue) == (("Low, Ada", "World Gauge Office"), "Journal of Rivers")
    assert (paper.year, paper.date, paper.volume, paper.issue, paper.pages) == (
        2019, "2019-05-03", "12", "3", "152-160",
    )  # fmt: skip
    assert (paper.doi, paper.publisher, paper.keywords) == (
        "10.1000/jr.7",
        "North Press",
        ("rivers", "gauges"),
    )
    assert (paper.abstract, dict(paper.extra)) == ("AIM: We read gauges.", {"RIS C1": "kept"})


DIALECTS = {
    "older tags": ("TY  - JOUR\nT1  - A gauge\nA1  - Low A.\nN2  - Text.\nJF  - J\nY1  - 2014//\nER  -\n"),
    "numbered, with a preamble": "Record #1 of 1\nProvider: X\n1.\nTY  - JOUR\nTI  - A gauge\nAU  - Low A.\n"
    "AB  - Text.\nT2  - J\nPY  - 2014\nER  - \n",
    "tabs and wrapped lines": "\ufeffTY  - JOUR\nTI\t- A\n      gauge\nAU  - Low A.\nAB  - Text.\nJO\t- J\nPY  - 2014\nER  -",
    "one blank": "TY - JOUR\nTI - A gauge\nAU - Low A.\nAB - Text.\nT2 - J\nPY - 2014\nER -\n",
}


@pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)
def test_dialects_of_ris_give_one_record(tmp_path, text):
    papers = read(tmp_path, text).papers
    assert [(p.title, p.authors, p.abstract, p.venue, p.year, p.date) for p in papers] == [
        ("A gauge", ("Low A.",), "Text.", "J", 2014, None)
    ]


def test_keywords_of_ris_may_stand_one_a_line(tmp_path):
    text = "TY  - JOUR\nTI  - A gauge\nKW  - rivers\nflood, spring\nER  - \n"
    assert read(tmp_path, text).papers[0].keywords == ("rivers", "flood, spring")


def test_bibtex_fills_the_record(tmp_path):
    reading = read(tmp_path, BIBTEX)
    paper = reading.papers[0]
    assert (reading.format, reading.read, reading.problems) == ("bibtex", 1, ())
    assert (paper.key, paper.title) == ("low2019", "Drift of River gauges: 10⁻³ & more")
    assert paper.authors == ("Löw, Ada", "World Gauge Office", "van der Berg, Jan")
    assert (paper.venue, paper.year, paper.date) == ("Journal of Rivers", 2019, "2019-05-03")
    assert (paper.volume, paper.issue, paper.pages) == ("12", "3", "152-160")
    assert (paper.doi, paper.keywords, paper.publisher) == (
        "10.1000/jr.7",
        ("rivers", "gauges"),
        "North Press",
    )
    assert (paper.abstract, dict(paper.extra)) == ("AIM: We read 50% of all gauges.", {"file": "low.pdf"})
    assert paper.sources[0].line == 4


def test_medline_text_fills_the_record(tmp_path):
    paper = read(tmp_path, NBIB).papers[0]
    assert (paper.title, paper.pmid, paper.doi) == (
        "Drift of river gauges over the seasons.", "123456", "10.1000/jr.7",
    )  # fmt: skip
    assert (paper.authors, paper.abstract) == (
        ("Low, Ada", "Gauge Readers"), "BACKGROUND: Gauges drift. METHODS: We read them.",
    )  # fmt: skip
    assert (paper.date, paper.venue, paper.pages, paper.retracted) == (
        "2019-05-03", "Journal of rivers", "152-60", True,
    )  # fmt: skip
    assert paper.keywords == ("Rivers/physiology", "gauges")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "in gzip"])
def test_pubmed_xml_fills_the_record(tmp_path, pack):
    reading = read(tmp_path, pack(PUBMED.encode()))
    paper = reading.papers[0]
    assert (reading.format, reading.problems) == ("xml", ())
    assert paper.title == "Drift of river gauges: 10⁻³ and H2O & more"
    assert paper.abstract == "BACKGROUND: Gauges drift. METHODS: We read them."
    assert paper.authors == ("Low, Ada, Jr", "Gauge Readers")
    assert (paper.pmid, paper.doi, paper.date, paper.type) == (
        "123456",
        "10.1000/jr.7",
        "2019-05-03",
        "article-journal",
    )
    assert (paper.volume, paper.issue, paper.pages, paper.keywords) == (
        "12",
        "3",
        "152-60",
        ("Rivers/physiology",),
    )
    assert paper.sources[0].line == 3


def test_web_of_science_refer_endnote_and_jats_fill_the_record(tmp_path):
    for text, name in ((WOS, "web-of-science"), (REFER, "refer"), (ENDNOTE, "xml"), (JATS, "xml")):
        reading = read(tmp_path, text)
        paper = reading.papers[0]
        assert (reading.format, paper.authors[0], paper.year, paper.volume) == (name, "Low, Ada", 2019, "12")
        assert (paper.pages, (paper.title or "").startswith("Drift of")) == ("152-160", True), name
        assert paper.type == "article-journal"
    assert paper.abstract == "Background: Gauges drift."
    wos = read(tmp_path, WOS).papers[0]
    assert (wos.title, wos.authors, wos.date) == (
        "Drift of river gauges",
        ("Low, Ada", "Rud, Bo"),
        "2019-05-03",
    )
    assert wos.keywords == ("rivers", "gauges")


def test_csl_json_fills_the_record(tmp_path):
    text = """[{"id": "low2019", "type": "chapter", "title": "Drift <i>of</i> gauges", "DOI": "10.1000/jr.7",
    "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}, {"literal": "Gauge Office"}],
    "issued": {"date-parts": [[2019, 5]]}, "container-title": "Rivers", "page": "1-9", "publisher-place": "Oslo"}]"""
    paper = read(tmp_path, text).papers[0]
    assert (paper.key, paper.type, paper.title) == ("low2019", "chapter", "Drift of gauges")
    assert (paper.authors, paper.date) == (("van der Berg, Jan", "Gauge Office"), "2019-05")
    assert (paper.venue, paper.pages, dict(paper.extra)) == ("Rivers", "1-9", {"place": "Oslo"})


def test_a_workbook_is_read_like_a_table(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["notes on the search"])
    sheet = book.create_sheet("records")
    sheet.append(["Title", "Abstract", "Year", "Authors"])
    sheet.append(["Drift of gauges", "Gauges drift.", 2019, "Low, Ada; Rud, Bo"])
    book.save(tmp_path / "in.bin")
    reading = read_file(tmp_path / "in.bin")
    assert (reading.format, [(p.title, p.year, p.authors) for p in reading.papers]) == (
        "xlsx", [("Drift of gauges", 2019, ("Low, Ada", "Rud, Bo"))],
    )  # fmt: skip
    assert reading.papers[0].sources[0].line == 2


def test_tables_of_scopus_zotero_and_web_of_science(tmp_path):
    scopus = "Authors,Title,Year,Source title,Volume,Issue,Page start,Page end,DOI,Author Keywords,Document Type,Source\n"
    scopus += "Low A.; Rud B.,Gauges,2019,J. Rivers,12,3,152,160,10.1000/jr.7,a; b,Article,Scopus\n"
    paper = read(tmp_path, scopus).papers[0]
    assert (paper.venue, paper.pages, paper.keywords, paper.type) == (
        "J. Rivers",
        "152-160",
        ("a", "b"),
        "article-journal",
    )
    zotero = '"Key","Item Type","Publication Year","Author","Title","Publication Title","Date","Extra"\n'
    zotero += '"AB12","bookSection","2019","Low, Ada","Gauges","Rivers","2019-05","Citation Key: low19"\n'
    paper = read(tmp_path, zotero).papers[0]
    assert (paper.key, paper.type, paper.date, paper.venue) == ("low19", "chapter", "2019-05", "Rivers")
    wos = "PT\tAU\tAF\tTI\tSO\tPY\tVL\tBP\tEP\tDI\nJ\tLow, A\tLow, Ada\tGauges\tJ RIVERS\t2019\t12\t152\t160\t10.1000/x\n"
    paper = read(tmp_path, wos).papers[0]
    assert (paper.title, paper.venue, paper.pages, paper.doi) == (
        "Gauges",
        "J RIVERS",
        "152-160",
        "10.1000/x",
    )


BROKEN = {  # text -> titles that are kept, and (line, words) of each problem
    "RIS without an end": ("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n", ["One", "Two"], [(1, "end (ER)"), (3, "ends within")]),
    "BibTeX never closed": (
        "@article{a,\n title={One},\n note={open\n@article{b,\n title={Two}}\n", ["One", "Two"], [(1, "never closed")],
    ),
    "BibTeX without a comma": ("@article{a,\n title={One}\n year=2019\n}\n@book{b, title={Two}}\n", ["One", "Two"], []),
    "BibTeX with rubbish": ("@article{a,\n title={One},\n ???,\n year={2019}}\n", ["One"], [(1, "expected a field")]),
    "RIS, then BibTeX": (RIS + "@article{b,\n title={Two}}\n", ["Drift of river gauges"], [(20, "looks like BibTeX")]),
    "BibTeX, then RIS": ("@article{b,\n title={Two}}\n" + RIS, ["Two"], [(3, "looks like RIS")]),
    "MEDLINE, then RIS": (NBIB + "\nTY  - JOUR\nTI  - Two\nER  - \n", ["Drift of river gauges over the seasons.", "Two"], [(22, "looks like RIS")]),
    "a quotation mark never closed": (
        'title,abstract,year\nOne,"open,2001\nTwo,"x y",2002\nThree,z,2003\n', ["One", "Two", "Three"], [(2, "never closed")],
    ),
    "a cut XML file": (PUBMED[:-30].replace("</MeshHeadingList>", "") , ["Drift of river gauges: 10⁻³ and H2O & more"], [(None, "broken XML")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "titles", "problems"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_and_the_rest_is_kept(tmp_path, text, titles, problems):
    reading = read(tmp_path, text)
    assert [p.title for p in reading.papers] == titles
    for line, words in problems:
        assert any((line in (None, p.line)) and words in p.why for p in reading.problems), reading.problems


ENTITIES = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><PubmedArticleSet>&b;</PubmedArticleSet>'


def test_xml_with_entities_is_refused_with_its_line(tmp_path):
    for text in (
        ENTITIES,
        '<?xml version="1.0"?>\n' + ENTITIES.replace('"aaaa"', 'SYSTEM "file:///etc/passwd"'),
    ):
        with pytest.raises(ReadError, match=r"in\.dat:[12]: XML that declares entities is not read"):
            read(tmp_path, text)


def test_a_bomb_in_gzip_and_one_in_a_workbook_are_refused_soon(tmp_path, monkeypatch):
    began = time.monotonic()
    monkeypatch.setattr("index.readers.textfile._BOMB_FLOOR", 1_000_000)
    with pytest.raises(ReadError, match="unpacks to more than a hundred times"):
        read(tmp_path, gzip.compress(b"<PubmedArticleSet>" + b" " * 20_000_000))
    monkeypatch.setattr("index.readers.workbook.MAX_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", " " * 2_000_000)
    with pytest.raises(ReadError, match="unpacks to more than"):
        read_file(tmp_path / "in.xlsx")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("before", "after", "titles"),
    [
        ("TY  - JOUR\nTI  - One\nAB  - ", "\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n", ["One", "Two"]),
        ("@article{a, title={One}, abstract={", "}}\n@book{b, title={Two}}\n", ["One", "Two"]),
        ("title,abstract\nOne,x\nTwo,", "\nThree,y\n", ["One", "Two", "Three"]),
    ],
    ids=["RIS", "BibTeX", "CSV"],
)
def test_an_endless_line_is_cut_and_the_records_around_it_are_kept(tmp_path, before, after, titles):
    reading = read(tmp_path, before + "x" * (MAX_LINE + 5) + after)
    assert [p.title for p in reading.papers] == titles
    assert any("10 MB" in p.why for p in reading.problems)


def test_deeply_nested_braces_and_tags_end_at_once(tmp_path):
    began = time.monotonic()
    read(tmp_path, "@article{a, title={One}, note=" + "{" * 50_000 + "}\n@article{b, title={Two}}\n")
    read(tmp_path, "@article{a, title={\\x" + "{\\y" * 150 + "}" * 150 + "}}\n")
    reading = read(tmp_path, "<article>" + "<front>" * 100_000)
    assert (reading.papers, "broken XML" in reading.problems[0].why) == ((), True)
    assert time.monotonic() - began < 5


def test_a_record_with_nothing_to_search_is_named(tmp_path):
    reading = read(tmp_path, "TY  - JOUR\nDO  - 10.1000/x\nER  - \n")
    assert (reading.read, reading.skipped, reading.problems[0].line) == (1, 1, 1)


def test_a_bibliography_in_gb_18030_is_read(tmp_path):
    text = "@article{wang2013,\n author={王晓明},\n title={水位计的漂移研究与修正},\n journal={水文学报}}\n"
    assert read(tmp_path, text.encode("gb18030")).papers[0].title == "水位计的漂移研究与修正"


def test_formats_are_told_by_content(tmp_path):
    texts = {
        "ris": RIS,
        "bibtex": BIBTEX,
        "medline": NBIB,
        "xml": PUBMED,
        "web-of-science": WOS,
        "refer": REFER,
    }
    for name, text in texts.items():
        path = tmp_path / "some.txt"
        path.write_text(text)
        assert sniff_format(path) == name


def test_many_entries_of_bibtex_on_one_line_are_all_read_in_good_time(tmp_path):
    began = time.monotonic()
    line = " ".join(
        f"@article{{g{n}, title={{Gauge {n} drifts}}, note={{{'x' * 60}}}}}" for n in range(3_000)
    )
    reading = read(tmp_path, f"{line}\n@article{{last, title={{Last}}}}\n")
    assert (reading.read, len(reading.papers), reading.problems) == (3_001, 3_001, ())
    assert reading.papers[-1].sources[0].line == 2
    assert time.monotonic() - began < 30


def test_a_line_of_bibtex_that_was_cut_is_named_by_its_own_number(tmp_path):
    text = f"@article{{a, title={{A}}}}\n@article{{b, title={{{'x' * (MAX_LINE + 5)}}}}}\n@article{{c, title={{C}}}}\n"
    reading = read(tmp_path, text)
    assert [p.key for p in reading.papers] == ["a", "b", "c"]
    assert [p.line for p in reading.problems] == [2]
