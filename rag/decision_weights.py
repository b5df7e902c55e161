"""The weights of `rag.decision`: log-odds of yes and of no against maybe, for each unit of a feature.

Fitted by `rag.training.decision` on PubMedQA's 500 development questions (MIT), each abstract without and
with its conclusion. Held out in ten folds: accuracy 0.65 without the conclusion and 0.74 with it, macro F1
0.53 and 0.58; always "yes" gives 0.55 and 0.24.
"""

from __future__ import annotations

WEIGHTS = {
    "bias": (-1.694, -4.508),
    "finds_nothing": (-0.133, 2.754),
    "denies": (-2.247, 0.896),
    "falls_short": (-1.034, 1.312),
    "finds": (1.127, -0.495),
    "hedges": (0.597, -1.660),
    "in_part": (-1.153, -0.961),
    "advises": (-1.259, -1.900),
    "by_chance": (-0.212, 2.707),
    "alike": (-0.056, 1.239),
    "asks_need": (-0.477, 0.149),
    "asks_same": (0.512, 3.412),
    "asks_gain": (0.868, 0.535),
    "asks_fit": (0.172, -0.280),
    "asks_people": (-0.902, 1.879),
    "asks_there": (0.785, 0.431),
    "asks_is": (-0.550, -0.293),
    "read_supports": (3.969, 1.902),
    "read_refutes": (3.280, 8.995),
}
