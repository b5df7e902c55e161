"""Screening on the real page: by key and by button, kept over reload and restart, exported, on a phone."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect
from test_hostile import assert_unharmed

QUESTION = "liver segmentation on scans"


def begin(visit, site, name, question=QUESTION):
    visit.tab("Screen")
    if site.library.screening.names():
        visit.page.locator("#screen-card .screened").wait_for()
    box = visit.page.get_by_label("What does the review ask?")
    if not box.is_visible():
        unfold(visit, "new")
    box.fill(question)
    visit.page.get_by_label("Name", exact=True).fill(name)
    visit.page.get_by_role("button", name="Start screening").click()
    expect(visit.page.get_by_label("Session", exact=True)).to_have_value(name)
    expect(visit.page.locator("#screen-question")).to_have_text(question)
    expect(read(visit)).to_have_text("0 of 27")
    visit.page.evaluate("document.activeElement.blur()")


def unfold(visit, name):
    visit.page.locator(f"#screen-{name} > button").click()


def read(visit):
    return visit.page.locator("#screen-progress dd").first


def title(visit):
    return visit.page.locator("#screen-card .record-title")


def card(visit):
    return visit.page.locator("#screen-card .screened").get_attribute("id")


def press(visit, key):
    """Press a key and wait for the next card."""
    before = card(visit)
    visit.page.keyboard.press(key)
    expect(visit.page.locator(f"#screen-card #{before}")).to_have_count(0)


def test_keys_decide_and_undo_and_the_log_has_it(visit, site):
    begin(visit, site, "keys")
    expect(title(visit)).to_have_text("Selective scanning for volumetric segmentation of the liver")
    expect(visit.page.locator("#screen-card .why")).to_contain_text("What speaks for it: liver")
    press(visit, "r")
    expect(read(visit)).to_have_text("1 of 27")
    expect(visit.page.locator("#screen-said")).to_have_text(
        "Relevant: Selective scanning for volumetric segmentation of the liver"
    )
    press(visit, "i")
    second = title(visit).text_content()
    press(visit, "n")
    expect(visit.page.locator("#screen-said")).to_contain_text("Put off")
    assert title(visit).text_content() != second
    press(visit, "u")
    expect(title(visit)).to_have_text(second)
    press(visit, "u")
    expect(read(visit)).to_have_text("1 of 27")
    state = site.library.screening.open("keys").screening.session.state
    assert state.included == ("p1",) and state.excluded == ()
    assert visit.foreign == [] and visit.errors == []


def test_keys_are_letters_while_a_note_is_typed_and_the_note_is_kept(visit, site):
    begin(visit, site, "notes")
    note = visit.page.get_by_label("Note")
    note.focus()
    visit.page.keyboard.type("run in rabbits")
    expect(note).to_have_value("run in rabbits")
    expect(read(visit)).to_have_text("0 of 27")
    visit.page.keyboard.press("Escape")
    press(visit, "i")
    expect(read(visit)).to_have_text("1 of 27")
    expect(note).to_have_value("")
    (decision,) = site.library.screening.open("notes").screening.session.state.decisions.values()
    assert (decision.paper_id, decision.included, decision.note) == ("p1", False, "run in rabbits")


def test_two_presses_at_once_decide_one_paper(visit, site):
    begin(visit, site, "twice")
    visit.page.locator("#screen-relevant").dblclick()
    expect(read(visit)).to_have_text("1 of 27")
    visit.page.wait_for_timeout(500)
    expect(read(visit)).to_have_text("1 of 27")


@pytest.mark.parametrize("how", ["reload", "restart"])
def test_a_session_goes_on_where_it_was(visit, site, how):
    begin(visit, site, how)
    press(visit, "r")
    press(visit, "i")
    expect(read(visit)).to_have_text("2 of 27")
    before = title(visit).text_content()
    if how == "restart":
        site.restart()
    visit.open(site.address)
    visit.tab("Screen")
    expect(read(visit)).to_have_text("2 of 27")
    expect(title(visit)).to_have_text(before)
    expect(visit.page.locator("#screen-question")).to_have_text(QUESTION)


def test_another_session_is_chosen_by_its_name(visit, site):
    begin(visit, site, "first-one")
    press(visit, "r")
    begin(visit, site, "second-one")
    visit.page.get_by_label("Session", exact=True).click()
    visit.page.get_by_role("option", name="first-one").click()
    expect(read(visit)).to_have_text("1 of 27")
    press(visit, "i")
    expect(read(visit)).to_have_text("2 of 27")


def test_what_cannot_start_says_why(visit, site):
    begin(visit, site, "taken")
    unfold(visit, "new")
    start = visit.page.get_by_role("button", name="Start screening")
    refused = visit.page.locator("#screen-refused")
    visit.page.get_by_label("Name", exact=True).fill("taken")
    start.click()
    expect(refused).to_contain_text("There is a session taken already")
    visit.page.get_by_label("Name", exact=True).fill("../x")
    start.click()
    expect(refused).to_contain_text("is no name for a session")
    visit.page.get_by_label("What does the review ask?").fill(" ")
    start.click()
    expect(refused).to_contain_text("Write what the review asks first")


def saved(visit, button):
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name=button).click()
    return download.value.suggested_filename, Path(download.value.path()).read_text(encoding="utf-8")


def test_labels_and_the_flow_are_saved(visit, site):
    begin(visit, site, "exports")
    press(visit, "r")
    press(visit, "i")
    press(visit, "i")
    unfold(visit, "export")
    name, text = saved(visit, "CSV (ASReview)")
    assert name == "ibid-exports.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["asreview_label"] for row in rows] == ["1", *[""] * 24, "0", "0"]
    name, text = saved(visit, "RIS with notes")
    assert name == "ibid-exports.ris"
    assert (text.count("ASReview_relevant"), text.count("ASReview_irrelevant")) == (1, 2)
    unfold(visit, "prisma")
    visit.page.get_by_label("Not retrieved").fill("1")
    flow = visit.page.locator("#screen-flow")
    expect(flow).to_contain_text("Screened3Excluded2Reports sought1Not retrieved1Assessed0")
    name, text = saved(visit, "Diagram (SVG)")
    assert name == "ibid-exports-prisma.svg"
    assert "Records screened (n = 3)" in text and "Reports assessed for eligibility (n = 0)" in text
    visit.page.get_by_label("Not retrieved").fill("2")
    expect(flow).to_have_text("2 reports lost of 1 sought")
    assert visit.foreign == [] and visit.errors == []


def test_a_hostile_paper_is_text(visit, site):
    begin(visit, site, "hostile", "evil script onerror window")
    expect(visit.page.locator("#screen-card .abstract")).to_contain_text("window.__ran=1")
    press(visit, "r")
    expect(visit.page.locator("#screen-said")).to_contain_text("<script>window.__ran=1</script>")
    press(visit, "i")
    assert visit.page.locator("#screen-card a:not(.out)").count() == 0
    assert_unharmed(visit)
    found = visit.page.evaluate(
        """[...document.querySelectorAll('#screen-desk :is(script, iframe, form, link, object, [onload])')]
          .map(e => e.outerHTML)"""
    )
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_has_the_buttons_in_reach_and_never_scrolls_sideways(open_page, site, scheme):
    visit = open_page(viewport={"width": 375, "height": 812}, color_scheme=scheme)
    begin(visit, site, f"phone-{scheme}")
    for button in ("relevant", "irrelevant", "later", "undo"):
        expect(visit.page.locator(f"#screen-{button}")).to_be_in_viewport()
    visit.page.locator("#screen-relevant").click()
    expect(read(visit)).to_have_text("1 of 27")
    for fold in ("export", "prisma", "new"):
        unfold(visit, fold)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 375
