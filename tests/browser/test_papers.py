"""Citing and looking through the library on the real page: by mouse, by keyboard, on a phone."""

from pathlib import Path

from conftest import wait_for
from playwright.sync_api import expect
from scripted_library import HOSTILE_TEXT
from test_hostile import assert_unharmed


def find(visit, text):
    visit.tab("Cite")
    visit.page.get_by_label("Sentence or paragraph").fill(text)
    visit.page.get_by_role("button", name="Find", exact=True).click()


def listing(visit):
    visit.tab("Library")
    visit.page.locator("#listing tr").nth(3).wait_for()
    return visit.page.locator("#listing")


def saved(download):
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_paragraph_is_cited_and_ticked_papers_are_pasted(open_page):
    visit = open_page(permissions=["clipboard-read", "clipboard-write"])
    find(visit, "Scans save memory. Tiling grades better. The moon is made of moss.")
    expect(visit.page.locator("#findings .finding .badge")).to_have_text(
        ["Supported", "Refuted", "Nothing in this library speaks to it"]
    )
    expect(visit.page.locator("#finding-0 .quote").first).to_contain_text("a Dice score of 0.951")
    expect(visit.page.get_by_role("button", name="Find", exact=True)).to_be_visible()
    visit.page.locator("#finding-1 input.pick").first.check()
    visit.page.locator("#finding-0 input.pick").first.check()
    entries = visit.page.get_by_label("To paste")
    expect(entries).to_have_value("[@key_p1; @key_p2]")
    visit.page.get_by_role("button", name="Copy", exact=True).click()
    expect(visit.page.locator("#copy-entries")).to_have_text("Copied")
    assert visit.page.evaluate("navigator.clipboard.readText()") == "[@key_p1; @key_p2]"
    visit.page.get_by_label("BibTeX", exact=True).check()
    wait_for(lambda: entries.input_value().startswith("@article{key_p1"))
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save as file").click()
    assert download.value.suggested_filename == "references.bib"
    assert saved(download).count("@article{") == 2
    visit.page.get_by_label("Reference", exact=True).check()
    assert wait_for(lambda: entries.input_value().startswith("Holm, I., Vermeer, P."))
    find(visit, "Nothing of the kind.")
    expect(entries).to_have_value("")
    assert visit.foreign == [] and visit.errors == []


def test_looking_up_can_be_stopped(visit, site):
    find(visit, " ".join(f"Scans save {n} parts." for n in range(50)))
    visit.page.locator("#finding-1").wait_for()
    visit.page.get_by_role("button", name="Stop", exact=True).click()
    expect(visit.page.locator("#findings .stopped .badge")).to_have_text("Stopped")
    expect(visit.page.get_by_role("button", name="Find", exact=True)).to_be_visible()
    shown = visit.page.locator("#findings .finding").count()
    visit.page.wait_for_timeout(400)
    assert visit.page.locator("#findings .finding").count() == shown < 50


def test_hostile_papers_are_text_in_both_tabs(visit):
    find(visit, "A hostile sentence " + HOSTILE_TEXT[:150].replace(".", ""))
    visit.page.locator("#findings .card").first.wait_for()
    expect(visit.page.locator("#findings .quote").first).to_contain_text("<script>window.__ran=1</script>")
    papers = listing(visit)
    visit.page.get_by_label("Search", exact=True).fill("constructor")
    expect(papers.locator("tbody tr")).to_have_count(1)
    papers.locator("a.open").click()
    expect(visit.page.locator("#record .abstract")).to_contain_text("<script>window.__ran=1</script>")
    expect(visit.page.locator("#record a.out")).to_have_count(0)
    assert_unharmed(visit)


def test_papers_are_searched_filtered_and_turned_over(visit):
    papers = listing(visit)
    expect(papers.locator(".count")).to_have_text("1–25 of 127 papers")
    visit.page.get_by_role("button", name="Next").click()
    expect(papers.locator(".count")).to_have_text("26–50 of 127 papers")
    visit.page.get_by_label("Search", exact=True).fill("grun12 moss")
    expect(papers.locator("tbody tr")).to_have_count(2)
    visit.page.get_by_label("Search", exact=True).fill("moss")
    visit.page.get_by_label("Years").fill("1950-1951")
    visit.page.keyboard.press("Enter")
    expect(papers.locator(".count")).to_have_text("1–2 of 2 papers found among 127")
    visit.page.get_by_label("Years").fill("soon")
    visit.page.keyboard.press("Enter")
    expect(papers).to_contain_text("'soon' is no span of years")


def test_ticks_last_over_pages_and_are_exported(visit):
    papers = listing(visit)
    papers.locator("#pick-page").check()
    visit.page.get_by_role("button", name="Next").click()
    expect(papers.locator(".count")).to_contain_text("26–50")
    papers.locator("input.pick").first.check()
    expect(visit.page.locator("#ticked")).to_have_text("26 papers ticked")
    visit.page.get_by_role("button", name="Previous").click()
    expect(papers.locator("#pick-page")).to_be_checked()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Export ticked").click()
    assert download.value.suggested_filename == "ibid-ticked.bib"
    assert saved(download).count("\n@") + 1 == 26
    visit.page.get_by_label("Search", exact=True).fill("moss")
    visit.page.get_by_role("button", name="Export all 120 found").wait_for()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Export all 120 found").click()
    assert saved(download).count("\n@") + 1 == 120
    visit.page.get_by_role("button", name="Untick all").click()
    expect(visit.page.locator("#ticked")).to_have_text("Nothing ticked")
    assert visit.foreign == [] and visit.errors == []


def test_the_keyboard_alone_opens_ticks_and_closes_a_record(visit):
    papers = listing(visit)
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("/")
    expect(visit.page.get_by_label("Search", exact=True)).to_be_focused()
    visit.page.keyboard.type("slides")
    expect(papers.locator("tbody tr")).to_have_count(1)
    visit.page.keyboard.press("Escape")
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("j")
    visit.page.keyboard.press("Enter")
    record = visit.page.locator("#record .record")
    expect(record).to_be_focused()
    expect(record.locator("a.out")).to_have_attribute("href", "https://arxiv.org/abs/2309.04321")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Space")
    expect(visit.page.locator("#ticked")).to_have_text("1 paper ticked")
    expect(papers.locator("input.pick")).to_be_checked()
    visit.page.keyboard.press("Escape")
    expect(record).to_have_count(0)
    expect(papers.locator("a.open")).to_be_focused()


def test_pairs_are_settled_one_by_one(visit, site):
    visit.tab("Library")
    visit.tab("Duplicates")
    pair = visit.page.locator("#pair")
    expect(pair).to_contain_text("3 pairs to decide")
    visit.page.get_by_role("button", name="Decide later").click()
    expect(pair).to_contain_text("Study 3 of made-up moss")
    visit.page.wait_for_timeout(650)
    visit.page.get_by_role("button", name="Same paper").dblclick()  # the second press settles nothing
    expect(pair).to_contain_text("Study 5 of made-up moss")
    visit.page.wait_for_timeout(650)
    visit.page.get_by_role("button", name="Different papers").click()
    expect(pair).to_contain_text("1 pair to decide")
    assert site.library.settled == [("same", "m3", "m4"), ("different", "m5", "m6")]


def test_a_phone_shows_the_record_as_a_sheet_and_never_scrolls_sideways(open_page):
    visit = open_page(viewport={"width": 375, "height": 812}, color_scheme="dark")
    find(visit, "Scans save memory and Tiling grades better. Moss is green.")
    expect(visit.page.locator("#findings .finding")).to_have_count(2)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 375
    papers = listing(visit)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 375
    papers.locator("a.open").first.click()
    expect(visit.page.locator("#record-side")).to_have_css("position", "fixed")
    visit.page.get_by_role("link", name="Back to the list").click()
    expect(visit.page.locator("#record-side")).to_be_hidden()
    visit.tab("Duplicates")
    visit.page.locator("#pair table").wait_for()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 375
