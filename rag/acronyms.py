"""Acronyms and what they stand for: a statement may write "CT" where its source spells it out.

Longer acronyms are recognised by the initials of the words in the source; short ones, whose
initials would match by chance, only from a table of those that every field shares.
"""

from __future__ import annotations

import re
from functools import lru_cache

SHORT = {
    "ai": "artificial intelligence", "ml": "machine learning", "dl": "deep learning",
    "nn": "neural network", "rl": "reinforcement learning", "qa": "question answering",
    "ct": "computed tomography", "us": "ultrasound", "mr": "magnetic resonance", "fl": "federated learning",
    "ga": "genetic algorithm", "ad": "alzheimer's disease", "llm": "large language model",
    "mllm": "multimodal large language model", "vlm": "vision language model",
    "lvlm": "large vision language model", "slm": "small language model", "lm": "language model",
    "nlp": "natural language processing", "ner": "named entity recognition",
    "rag": "retrieval augmented generation", "vqa": "visual question answering", "cot": "chain of thought",
    "gan": "generative adversarial network", "vae": "variational autoencoder",
    "cnn": "convolutional neural network", "rnn": "recurrent neural network", "gnn": "graph neural network",
    "mlp": "multilayer perceptron", "vit": "vision transformer", "svm": "support vector machine",
    "auc": "area under the curve", "auroc": "area under the receiver operating",
    "mri": "magnetic resonance imaging", "pet": "positron emission tomography", "ecg": "electrocardiogram",
    "eeg": "electroencephalogra", "oct": "optical coherence tomography", "ehr": "electronic health record",
    "emr": "electronic medical record", "icu": "intensive care unit", "phi": "protected health information",
    "rct": "randomized controlled trial", "bmi": "body mass index", "copd": "chronic obstructive pulmonary",
    "hiv": "human immunodeficiency virus", "pcr": "polymerase chain reaction",
    "dna": "deoxyribonucleic acid", "rna": "ribonucleic acid", "mae": "mean absolute error",
    "rmse": "root mean square", "iou": "intersection over union", "x-ray": "radiograph",
    "kg": "knowledge graph", "ood": "out of distribution", "who": "world health organization",
    "uk": "united kingdom", "usa": "united states", "eu": "european union",
    "gpu": "graphics processing unit", "mci": "mild cognitive impairment", "he": "hematoxylin and eosin",
}  # fmt: skip
_LONG = 4  # letters from which initials are trusted


@lru_cache(maxsize=4096)
def spelled_out(acronym: str, text: str) -> bool:
    """Whether a lower-case text spells out a lower-case acronym."""
    for form in {acronym, acronym.removesuffix("s")}:
        expansion = SHORT.get(form)
        flat = text.replace("-", " ")
        if expansion and expansion in flat:
            return True
        if len(form) >= _LONG and form.isalpha() and form in _initials(text):
            return True
    return False


@lru_cache(maxsize=256)
def _initials(text: str) -> str:
    """The first letters of all words, "|" where a sentence or clause ends."""
    marks = re.findall(r"[^\W\d_]+|[.;:,()]", text)
    return "".join(m[0] if m[0].isalpha() else "|" for m in marks)


def expansions(stems: frozenset[str], text: str) -> frozenset[str]:
    """Acronyms that a lower-case text spells out, and the words of those it uses, as plain words."""
    flat = text.replace("-", " ")
    words: set[str] = set()
    for acronym, expansion in SHORT.items():
        if acronym in stems:
            words.update(expansion.split())
        elif len(expansion) > 8 and expansion in flat:
            words.add(acronym)
    return frozenset(words)
