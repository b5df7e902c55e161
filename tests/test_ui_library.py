"""The library's fragments: counts, the table of an upload, problems with their lines."""

from scripted_library import HOSTILE_TEXT

from ui.library import PROBLEMS_SHOWN, formats_read, library_html, report_html


def report(*files):
    names = ("read", "new", "duplicates", "skipped")
    return {"files": files, **{name: sum(f[name] for f in files) for name in names}}


def file(path, read=0, new=0, problems=(), **more):
    return {"path": path, "format": "jsonl", "read": read, "new": new, "duplicates": 0, "skipped": 0,
            "problems": problems, **more}  # fmt: skip


def test_a_file_has_a_row_and_its_problems_their_lines():
    html = report_html(
        report(file("/tmp/up/a.jsonl", 3, 2, [{"line": 7, "why": "/tmp/up/a.jsonl: no title"}]))
    )
    assert "<td>a.jsonl</td><td>jsonl</td>" in html
    assert '<td class="count">3</td><td class="count">2</td>' in html
    assert "<li>line 7: no title</li>" in html and "/tmp/up" not in html
    assert "2 new papers from 3 records" in html


def test_the_badge_tells_all_some_and_none():
    problem = [{"line": 1, "why": "broken"}]
    good, half, bad = file("a", 1, 1), file("b", 2, 1, problem), file("c", 0, 0, problem)
    assert ">Added<" in report_html(report(good))
    assert ">Added with problems<" in report_html(report(good, bad))
    assert ">Added with problems<" in report_html(report(half))
    assert ">Nothing added<" in report_html(report(bad))


def test_many_problems_are_counted_not_listed():
    html = report_html(report(file("a", 1, 1, [{"line": i, "why": "x"} for i in range(1, 1001)])))
    assert html.count("<li>") == PROBLEMS_SHOWN + 1 and "and 980 more" in html


def test_hostile_names_and_reasons_are_text():
    bad = file(
        HOSTILE_TEXT.replace("/", ""), problems=[{"line": 1, "why": HOSTILE_TEXT}], format=HOSTILE_TEXT
    )
    html = report_html(report(bad))
    for tag in ("<script", "<img", "<style", "<iframe", "<form", "<svg", "<a "):
        assert tag not in html


def test_counts_that_are_not_there_are_not_shown():
    html = library_html({"papers": 1306, "untitled": 0, "path": "/a/<b>"})
    assert "<dd>1,306</dd>" in html and "Without a title" not in html and "&#60;b&#62;" in html


def test_the_formats_named_are_the_formats_read():
    assert "csv" in formats_read()
