"""The fields of a PubMed record: an article, a citation of the older MEDLINE files, a book."""

from __future__ import annotations

from typing import Any

from index.dates import month_number
from index.names import Name
from index.readers.markup import label_of
from index.readers.people import Person
from index.readers.xml_text import find_text, find_texts, flat_text


def pubmed_fields(element: Any) -> dict[str, Any]:
    """An article; the wrapper holds the public ids, the citation within it the rest."""
    citation = element if element.find("PMID") is not None else element.find("MedlineCitation")
    if citation is None:
        return {}
    article = citation.find("Article")
    issue = article.find("Journal/JournalIssue") if article is not None else None
    kinds = find_texts(article, "PublicationTypeList/PublicationType")
    amended = [c.get("RefType") for c in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")]
    return {
        "title": find_text(article, "ArticleTitle") or find_text(article, "VernacularTitle"),
        "original_title": find_text(article, "VernacularTitle"),
        "abstract": _abstract(article, "Abstract") or _abstract(citation, "OtherAbstract"),
        "authors": _people(article, "AuthorList/Author"),
        "year": _date(issue.find("PubDate") if issue is not None else None) or _date(
            article.find("ArticleDate") if article is not None else None
        ),
        "venue": find_text(article, "Journal/Title") or find_text(citation, "MedlineJournalInfo/MedlineTA"),
        "journal_abbreviation": find_text(article, "Journal/ISOAbbreviation"),
        "volume": find_text(issue, "Volume"),
        "issue": find_text(issue, "Issue"),
        "pages": _pages(article),
        "issn": "; ".join(find_texts(article, "Journal/ISSN")),
        "language": "; ".join(find_texts(article, "Language")),
        "keywords": _keywords(citation),
        "type": [k for k in kinds if "Preprint" in k] + kinds,
        "publication_types": kinds if len(kinds) > 1 else [],
        "retracted": "Retracted Publication" in kinds or "RetractionIn" in amended,
        "place": find_text(citation, "MedlineJournalInfo/Country"),
        **_ids(element, citation, article),
    }  # fmt: skip


def book_fields(element: Any) -> dict[str, Any]:
    """A book or a chapter of PubMed Bookshelf."""
    document = element.find("BookDocument")
    if document is None:
        return {}
    title = find_text(document, "ArticleTitle")
    book = find_text(document, "Book/BookTitle")
    return {
        "title": title or book,
        "venue": book if title else "",
        "abstract": _abstract(document, "Abstract"),
        "authors": _people(document, "AuthorList/Author") or _people(document, "Book/AuthorList/Author"),
        "year": _date(document.find("Book/PubDate")) or _date(document.find("ContributionDate")),
        "publisher": find_text(document, "Book/Publisher/PublisherName"),
        "place": find_text(document, "Book/Publisher/PublisherLocation"),
        "isbn": "; ".join(find_texts(document, "Book/Isbn")),
        "keywords": find_texts(document, "KeywordList/Keyword"),
        "type": "chapter" if title else "book",
        "pmid": find_text(document, "PMID"),
    }


def _abstract(parent: Any, name: str) -> str:
    """The sections of the first abstract, each with its label in front."""
    found = parent.find(name) if parent is not None else None
    if found is None:
        return ""
    return " ".join(
        label_of(section.get("Label") or "") + text
        for section in found.iterfind("AbstractText")
        if (text := flat_text(section))
    )


def _people(parent: Any, path: str) -> list[Person]:
    people = []
    for author in parent.iterfind(path) if parent is not None else ():
        family = find_text(author, "LastName")
        if family:
            given = find_text(author, "ForeName") or find_text(author, "Initials")
            people.append(Person(Name(family, given, find_text(author, "Suffix")).stored))
        elif group := find_text(author, "CollectiveName"):
            people.append(Person(group, True))
    return people


def _date(element: Any) -> str:
    if element is None:
        return ""
    year, month, day = (find_text(element, part) for part in ("Year", "Month", "Day"))
    if not year:
        return find_text(element, "MedlineDate")
    number = month_number(month)
    if not number:
        return f"{year} {month or find_text(element, 'Season')}".strip()
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day.isdigit() else "")


def _pages(article: Any) -> str:
    first, last = find_text(article, "Pagination/StartPage"), find_text(article, "Pagination/EndPage")
    whole = find_text(article, "Pagination/MedlinePgn")
    return whole or (f"{first}-{last}" if first and last and first != last else first)


def _keywords(citation: Any) -> list[str]:
    words = []
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        parts = [find_text(heading, "DescriptorName"), *find_texts(heading, "QualifierName")]
        words.append("/".join(part for part in parts if part))
    return words + find_texts(citation, "KeywordList/Keyword")


def _ids(element: Any, citation: Any, article: Any) -> dict[str, str]:
    found = {"pmid": find_text(citation, "PMID")}
    for place in article.iterfind("ELocationID") if article is not None else ():
        if place.get("EIdType") == "doi":
            found.setdefault("doi", flat_text(place))
    for number in element.iterfind("PubmedData/ArticleIdList/ArticleId"):
        name = {"doi": "doi", "pmc": "pmcid"}.get(number.get("IdType", ""))
        if name:
            found.setdefault(name, flat_text(number))
    return found
