"""French and German questions in English words; names, figures and unknown words stay."""

import pytest

from rag.glossary import Glossary

HELD = {"cardiology": 3, "cardiologic": 1, "standard": 9, "spirometry": 2, "Patients": 4}


@pytest.fixture(scope="module")
def glossary():
    return Glossary(lambda word: HELD.get(word, 0))


@pytest.mark.parametrize(
    ("asked", "english"),
    [
        # phrases before words, elisions, subjects behind the verb, names kept
        ("Combien d'heures a-t-il fallu ?", "how many of hours needed ?"),
        ("Quels jeux de données SpiroNet utilise-t-il ?", "which datasets SpiroNet use ?"),
        ("Les grands modèles de langage en santé", "the large language models in health"),
        ("l’imagerie de 3 patients dans l’hôpital", "the imaging of 3 patients in the hospital"),
        # accents may be left out, inflections and participles are known
        ("Quels modeles sont entraines avec des cliches ?", "which models are trained with of images ?"),
        ("Wie viele Modelle wurden gezeigt?", "how many models were show?"),
        # compounds, with the letters that join them; names joined with words; acronyms
        ("Welche Trainingsdaten und Patientenakten?", "which training data and patient records?"),
        ("Welche Standardmodelle und GPU-Stunden?", "which standard models and GPU hours?"),
        ("Welche KI für MRT?", "which AI for MRI?"),
        # cognates that the library holds; what it does not hold stays
        ("Welche Arbeiten zur Kardiologie?", "which papers to cardiology?"),
        ("la cardiologie et la spirométrie", "the cardiology and the spirometry"),
        ("Welche Blasonierung?", "which Blasonierung?"),
        # a name that the library holds is not taken apart
        ("Wie viele PMC-Patients gibt es?", "how many PMC-Patients there are?"),
    ],
)
def test_words_are_put_into_english(glossary, asked, english):
    assert glossary.english(asked) == english


@pytest.mark.parametrize(
    "question", ["How many patients die in the studies?", "", "?!", "SpiroNet", "de novo design of proteins"]
)
def test_a_question_that_is_neither_stays_as_it_is(glossary, question):
    assert glossary.english(question) == question


@pytest.mark.parametrize(
    "word", ["daten" * 11 + "x", "xq" * 30, "bild" * 500, "q" * 1900, "l'" * 300, "-" * 500, "daten-" * 200]
)
def test_no_word_is_taken_apart_for_long(word):
    looked = []
    hostile = Glossary(lambda w: looked.append(w) or 0)
    english = hostile.english(f"Welche {word} gibt es?")
    assert english.startswith("which ") and english.endswith("there are?")
    assert len(looked) < 5000


@pytest.mark.parametrize(
    "question", ["«Quelle»", "l'", "-t-il quoi", "Wie viele \"' ?", "welche\x00welche", "où ?", "ß für"]
)
def test_odd_questions_come_back_as_text(glossary, question):
    assert isinstance(glossary.english(question), str)


def test_every_entry_has_an_english_side_that_is_plain_english_and_no_form_stands_twice():
    from rag.glossary import _FOLDER, FRENCH, GERMAN, _normal

    for tongue in (FRENCH, GERMAN):
        lines = [
            line
            for line in (_FOLDER / tongue.file).read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")
        ]
        forms = [form for line in lines for form in line.partition(":")[2].split()]
        assert len(lines) > 400
        assert len(forms) == len(set(forms))
        assert all(form == _normal(form) and form.strip("_-") == form for form in forms)
        assert all(line.partition(":")[0].isascii() for line in lines)
