"""A draft dropped on the Cite tab: audit, annotated copy, refusals, a narrow screen."""

from pathlib import Path

from playwright.sync_api import expect
from scripted_library import HOSTILE_TEXT
from test_hostile import assert_unharmed

DRAFT = "Moss grows on walls [@moss]. It covers 7 of them [@moss]. Tides rise [@hostile].\n"


def drop(visit, *paths):
    visit.tab("Cite")
    visit.page.get_by_role("button", name="Check a whole draft").click()
    if paths:
        visit.page.locator("#draft-files input[type=file]").set_input_files(paths)
        expect(visit.page.locator("#draft-files")).to_contain_text(Path(paths[0]).suffix)
    visit.page.get_by_role("button", name="Check the draft").click()
    return visit.page.locator("#audit")


def made(tmp_path, name="draft.md", text=DRAFT):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_draft_is_audited_and_its_copy_saved(visit, site, tmp_path):
    bib = made(tmp_path, "refs.bib", "@article{moss, title={Moss}}\n")
    audit = drop(visit, made(tmp_path), bib)
    expect(audit.locator(".overview")).to_contain_text("3 citations: 2 supported, 1 contradicted; 1 flag")
    expect(audit.locator(".audit-head")).to_have_text(["To look at: 2"])
    expect(audit.locator(".audited .claim").first).to_contain_text("It covers 7 of them.")
    audit.locator(".audited details").first.locator("summary").click()
    expect(audit.locator("mark").first).to_have_text("Segmenting the liver in volumes is limited by memory.")
    expect(audit).to_contain_text("no such key in draft.md")
    with visit.page.expect_download() as download:
        visit.page.locator("#annotated-copy").click()
    assert download.value.suggested_filename == "draft-checked.md"
    copy = Path(download.value.path()).read_text(encoding="utf-8")
    assert copy.startswith(
        "Moss grows on walls [@moss]. It covers 7 of them [@moss]. <!-- ibid: moss contradicted"
    )
    assert [p for p in site.uploads.rglob("*") if p.name in ("draft.md", "refs.bib")] == []
    assert visit.foreign == [] and visit.errors == []


def test_what_is_no_draft_is_refused_in_words(visit, tmp_path):
    audit = drop(visit)
    expect(audit).to_have_text("Choose a manuscript first.")
    visit.page.locator("#draft-files input[type=file]").set_input_files(made(tmp_path, "no.docx", "no zip"))
    expect(visit.page.locator("#draft-files")).to_contain_text(".docx")
    visit.page.get_by_role("button", name="Check the draft").click()
    expect(audit).to_contain_text("no.docx: damaged, or no Word document")
    expect(visit.page.locator("#annotated-copy")).not_to_be_visible()


def test_a_hostile_draft_does_no_harm(visit, tmp_path):
    audit = drop(
        visit,
        made(tmp_path, "draft.txt", f"Moss {HOSTILE_TEXT} grows 3 times [1].\n\nReferences\n\n[1] B.\n"),
    )
    expect(audit.locator(".audit-head")).to_have_text(["To look at: 1"])
    assert_unharmed(visit)


def test_it_fits_a_phone(open_page, tmp_path):
    visit = open_page(viewport={"width": 375, "height": 800})
    audit = drop(visit, made(tmp_path))
    expect(audit.locator(".audit-head")).to_have_text(["To look at: 2"])
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 375
