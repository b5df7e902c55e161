# ruff: noqa: E501 -- references stand as they are written
"""Kinds of records that citation styles set in ways of their own, by references written by hand.

Each expectation is the style's published rule: the APA manual (7th), the IEEE Reference Guide, Nature's
formatting guide, the AMA manual (11th), Cite Them Right, and the Chicago manual's author-date form.
"""

from __future__ import annotations

import pytest

from index.readers.table import read_file
from rag.export.styles import format_references
from rag.export.table import write

ENTRIES = {
    "edited": "@book{k, editor={Lane, Ivy and Park, Jo}, title={Wall ecology}, publisher={North Press}, address={Oslo}, year=2015}",
    "one editor": "@book{k, editor={Lane, Ivy}, title={Wall ecology}, publisher={North Press}, address={Oslo}, year=2015}",
    "edition": "@book{k, author={Stone, Greta}, title={Walls of the north}, edition={2}, publisher={North Press}, address={Oslo}, year=2010}",
    "meeting": "@inproceedings{k, author={Shell, Cara and Owl, Dan}, title={Finding snails in wind}, booktitle={Proceedings of the 5th Conference on Snails}, pages={10--19}, year=2018, publisher={Snail Press}, address={Oslo}, doi={10.1000/cs.3}}",
    "online first": "@article{k, author={Bay, Tom}, title={Tidal range in narrow bays}, journal={Journal of Tides}, year=2021, doi={10.1000/jt.1}}",
    "doctor": "@phdthesis{k, author={Kern, Lea}, title={The mosses of bridges}, school={University of Oslo}, year=2017}",
    "biblatex doctor": "@thesis{k, author={Kern, Lea}, title={The mosses of bridges}, type={phdthesis}, institution={University of Oslo}, date={2017}}",
    "master": "@mastersthesis{k, author={Kern, Lea}, title={The lichens of bridges}, school={University of Oslo}, year=2014}",
    "report": "@techreport{k, author={Moe, Nils}, title={Flood levels in towns}, institution={River Office}, number={45}, year=2020}",
    "dataset": "@dataset{k, author={Pine, Ola}, title={Gauge readings}, publisher={Zenodo}, version={2}, year=2021, doi={10.5281/zenodo.1}}",
    "white paper": "@techreport{k, author={{World Office}}, title={State of things}, type={White paper}, institution={World Office}, number={7}, year=2019}",
    "software": "@software{k, author={Pine, Ola}, title={Gaugetool}, version={1.2}, publisher={Zenodo}, year=2021, doi={10.5281/zenodo.2}}",
    "editorial": "@article{k, editor={Lane, Ivy}, title={Introduction}, journal={Journal of Rivers}, volume=5, pages={1--2}, year=2001}",
    "page": "@online{k, author={{River Office}}, title={How to read a gauge}, year=2022, url={https://example.org/gauge}, urldate={2023-01-05}}",
}  # fmt: skip
_BY_KERN = "Kern, L. The mosses of bridges. PhD thesis, University of Oslo (2017)."
EXPECTED = {
    "edited": {
        "apa": "Lane, I., & Park, J. (Eds.). (2015). Wall ecology. North Press.",
        "ieee": "[1] I. Lane and J. Park, Eds., Wall ecology. Oslo: North Press, 2015.",
        "nature": "1. Lane, I. & Park, J. (eds) Wall Ecology (North Press, Oslo, 2015).",
        "ama": "1. Lane I, Park J, eds. Wall Ecology. North Press; 2015.",
        "harvard": "Lane, I. and Park, J. (eds) (2015) Wall ecology. Oslo: North Press.",
        "chicago": "Lane, Ivy, and Jo Park, eds. 2015. Wall Ecology. Oslo: North Press.",
    },
    "one editor": {
        "apa": "Lane, I. (Ed.). (2015). Wall ecology. North Press.",
        "ieee": "[1] I. Lane, Ed., Wall ecology. Oslo: North Press, 2015.",
        "nature": "1. Lane, I. (ed.) Wall Ecology (North Press, Oslo, 2015).",
        "ama": "1. Lane I, ed. Wall Ecology. North Press; 2015.",
        "harvard": "Lane, I. (ed.) (2015) Wall ecology. Oslo: North Press.",
        "chicago": "Lane, Ivy, ed. 2015. Wall Ecology. Oslo: North Press.",
    },
    "edition": {
        "apa": "Stone, G. (2010). Walls of the north (2nd ed.). North Press.",
        "nature": "1. Stone, G. Walls of the North 2nd edn (North Press, Oslo, 2010).",
        "harvard": "Stone, G. (2010) Walls of the north. 2nd edn. Oslo: North Press.",
    },
    "meeting": {
        "apa": "Shell, C., & Owl, D. (2018). Finding snails in wind. In Proceedings of the 5th Conference on Snails (pp. 10–19). Snail Press. https://doi.org/10.1000/cs.3",
        "ama": "1. Shell C, Owl D. Finding snails in wind. In: Proceedings of the 5th Conference on Snails. Snail Press; 2018:10-19. doi:10.1000/cs.3",
    },
    "online first": {
        "apa": "Bay, T. (2021). Tidal range in narrow bays. Journal of Tides. https://doi.org/10.1000/jt.1",
        "nature": "1. Bay, T. Tidal range in narrow bays. Journal of Tides https://doi.org/10.1000/jt.1 (2021).",
        "ama": "1. Bay T. Tidal range in narrow bays. Journal of Tides. Published online 2021. doi:10.1000/jt.1",
    },
    "doctor": {
        "apa": "Kern, L. (2017). The mosses of bridges [Doctoral dissertation, University of Oslo].",
        "ieee": "[1] L. Kern, “The mosses of bridges,” Ph.D. dissertation, University of Oslo, 2017.",
        "nature": f"1. {_BY_KERN}",
        "ama": "1. Kern L. The Mosses of Bridges. Dissertation. University of Oslo; 2017.",
        "harvard": "Kern, L. (2017) The mosses of bridges. PhD thesis. University of Oslo.",
        "chicago": "Kern, Lea. 2017. “The Mosses of Bridges.” PhD diss., University of Oslo.",
    },
    "biblatex doctor": {
        "apa": "Kern, L. (2017). The mosses of bridges [Doctoral dissertation, University of Oslo].",
        "nature": f"1. {_BY_KERN}",
    },
    "master": {
        "ieee": "[1] L. Kern, “The lichens of bridges,” Master’s thesis, University of Oslo, 2014.",
        "nature": "1. Kern, L. The lichens of bridges. Master’s thesis, University of Oslo (2014).",
        "ama": "1. Kern L. The Lichens of Bridges. Master’s thesis. University of Oslo; 2014.",
    },
    "report": {
        "ieee": "[1] N. Moe, “Flood levels in towns,” River Office, Rep. 45, 2020.",
        "nature": "1. Moe, N. Flood Levels in Towns. Report No. 45 (River Office, 2020).",
    },
    "dataset": {
        "apa": "Pine, O. (2021). Gauge readings (Version 2) [Data set]. Zenodo. https://doi.org/10.5281/zenodo.1",
        "nature": "1. Pine, O. Gauge readings. Zenodo https://doi.org/10.5281/zenodo.1 (2021).",
    },
    "white paper": {
        "ieee": "[1] World Office, “State of things,” World Office, White paper 7, 2019.",
        "harvard": "World Office (2019) State of things. White paper No. 7. World Office.",
    },
    "software": {
        "apa": "Pine, O. (2021). Gaugetool (Version 1.2) [Computer software]. Zenodo. https://doi.org/10.5281/zenodo.2",
        "nature": "1. Pine, O. Gaugetool. Zenodo https://doi.org/10.5281/zenodo.2 (2021).",
    },
    "editorial": {
        "apa": "Introduction. (2001). Journal of Rivers, 5, 1–2.",
        "ieee": "[1] “Introduction,” Journal of Rivers, vol. 5, pp. 1–2, 2001.",
        "ama": "1. Introduction. Journal of Rivers. 2001;5:1-2.",
        "chicago": "“Introduction.” 2001. Journal of Rivers 5: 1–2.",
    },
    "page": {
        "apa": "River Office. (2022). How to read a gauge. https://example.org/gauge",
        "ieee": "[1] River Office, “How to read a gauge.” Accessed: Jan. 5, 2023. [Online]. Available: https://example.org/gauge",
        "ama": "1. River Office. How to read a gauge. 2022. Accessed January 5, 2023. https://example.org/gauge",
        "harvard": "River Office (2022) How to read a gauge. Available at: https://example.org/gauge (Accessed: 5 January 2023).",
    },
}
CASES = [(kind, style) for kind, lines in EXPECTED.items() for style in lines]


def paper_of(folder, entry: str):
    path = folder / "in.bib"
    path.write_text(entry, encoding="utf-8")
    return read_file(path).papers[0]


@pytest.mark.parametrize(("kind", "style"), CASES, ids=[" ".join(case) for case in CASES])
def test_a_reference_is_as_the_rules_of_its_style_have_it(tmp_path, kind, style):
    paper = paper_of(tmp_path, ENTRIES[kind])
    assert format_references([(paper, "k")], style) == [EXPECTED[kind][style]]


@pytest.mark.parametrize("format", ["bibtex", "biblatex", "ris", "csl-json", "jsonl", "csv"])
def test_the_day_of_a_visit_is_written_and_read_again(tmp_path, format):
    paper = paper_of(tmp_path, ENTRIES["page"])
    assert paper.extra["accessed"] == "2023-01-05"
    out = tmp_path / "out.dat"
    out.write_text("".join(write([(paper, "k")], format)), encoding="utf-8")
    assert read_file(out).papers[0].extra["accessed"] == "2023-01-05"
