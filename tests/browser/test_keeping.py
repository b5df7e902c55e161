"""What lasts: files added to the library, conversations across a restart, deletion."""

import threading

from playwright.sync_api import expect


def add(visit, *paths):
    visit.tab("Library")
    visit.tab("Add papers")
    visit.page.locator("#files input[type=file]").set_input_files(paths)
    for path in paths:
        expect(visit.page.locator("#files")).to_contain_text(path.suffix)
    visit.page.get_by_role("button", name="Add to library").click()


def test_good_and_bad_files_are_reported_each(visit, site, tmp_path):
    good, bad = tmp_path / "good.ris", tmp_path / "bad.pdf"
    good.write_text("TY  - JOUR\nTI  - One\nER  -\nTY  - JOUR\nTI  - Two\nER  -\n")
    bad.write_bytes(b"%PDF-1.4 not a list of papers")
    add(visit, good, bad)
    expect(visit.page.locator("#report .badge")).to_have_text("Added with problems")
    rows = visit.page.locator("#report tbody tr").all_text_contents()
    assert rows[0] == "good.risris2110"
    assert rows[1] == "bad.pdf–0000"
    assert rows[2].startswith("line 1: no format fits this file <b>")
    expect(visit.page.locator("#library-summary")).to_contain_text("Papers327")
    assert [p for p in site.uploads.rglob("*") if p.suffix in (".ris", ".pdf")] == []


def test_adding_nothing_says_so(visit):
    visit.tab("Library")
    visit.tab("Add papers")
    visit.page.get_by_role("button", name="Add to library").click()
    expect(visit.page.locator("#report")).to_have_text("Choose one or more files first.")


def test_conversations_outlive_the_server_and_can_be_renamed_and_deleted(visit, site):
    visit.ask("How are state-space models used?")
    visit.ask("Is the moon in it?")
    site.restart()
    visit.open(site.address)
    visit.tab("History")
    row = visit.page.locator("#conversations label", has_text="How are state-space models used?")
    expect(row).to_contain_text("2 questions")
    row.click()
    visit.page.get_by_role("button", name="Open", exact=True).click()
    expect(visit.current.locator(".badge")).to_have_text("Not in this library")
    expect(visit.page.locator("#past .statement")).to_have_count(4)
    visit.page.locator("#past a.cite", has_text="[2]").first.click()
    expect(visit.page.locator("#src-1-2 mark")).to_be_visible()
    visit.ask("And the cost of it?")
    assert site.library.asked[-1][1] == ("How are state-space models used?", "Is the moon in it?")

    visit.tab("History")
    row = visit.page.locator("#conversations label", has_text="3 questions")
    row.click()
    visit.page.get_by_label("New title for the chosen conversation").fill("Scans")
    visit.page.get_by_role("button", name="Rename").click()
    expect(visit.page.locator("#conversations")).to_contain_text("Scans")
    visit.page.get_by_role("button", name="Delete all", exact=True).click()
    visit.page.get_by_role("button", name="Yes, delete every conversation").click()
    expect(visit.page.locator("#no-conversations")).to_be_visible()
    assert site.history.conversations() == []


def test_a_conversation_chosen_while_the_list_is_on_its_way_stays_chosen(visit, site, monkeypatch):
    visit.ask("How are state-space models used?")
    visit.tab("History")
    row = visit.page.locator("#conversations label")
    expect(row).to_contain_text("How are state-space models used?")
    visit.tab("Ask")
    now, chosen = site.history.conversations, threading.Event()
    monkeypatch.setattr(site.history, "conversations", lambda: chosen.wait(10) and now())
    visit.tab("History")
    row.click()
    site.history.rename(now()[0].id, "Scans")
    chosen.set()
    expect(row).to_contain_text("Scans")
    expect(row.locator("input")).to_be_checked()
    visit.page.get_by_role("button", name="Delete", exact=True).click()
    expect(visit.page.locator("#no-conversations")).to_be_visible()
    visit.page.get_by_role("button", name="Open", exact=True).click()
    expect(visit.page.get_by_text("Choose a conversation first.")).to_be_visible()


def test_history_that_is_switched_off_keeps_nothing(visit, site):
    visit.tab("History")
    visit.page.get_by_label("Keep new conversations").uncheck()
    visit.tab("Ask")
    visit.ask("How are state-space models used?")
    assert site.history.conversations() == []
    visit.tab("History")
    visit.page.get_by_label("Keep new conversations").check()
    visit.tab("Ask")
    visit.ask("What do they cost?")
    assert [c.turns for c in site.history.conversations()] == [1]


def test_two_browsers_do_not_see_each_other(open_page):
    first, second = open_page(), open_page()
    first.ask("How are state-space models used?")
    expect(second.current.locator(".turn")).to_have_count(0)
    second.ask("Is the moon in it?")
    expect(first.current.locator(".badge")).to_have_text("Answered")
