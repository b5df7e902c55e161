"""The weights of `rag.decision`: log-odds of yes and of no against maybe, for each unit of a feature.

Fitted by `rag.training.decision` on PubMedQA's 500 development questions (MIT), each abstract under
its title and without and with its conclusion. Held out in ten folds: accuracy 0.65 without the conclusion and
0.74 with it, macro F1 0.47 and 0.54; always "yes" gives 0.55 and 0.24.
"""

from __future__ import annotations

WEIGHTS = {
    "bias": (-1.560, -3.427),
    "finds_nothing": (-0.589, 1.910),
    "denies": (-1.767, 1.120),
    "falls_short": (-0.815, 1.347),
    "finds": (1.044, -0.471),
    "hedges": (0.896, -1.257),
    "in_part": (-0.980, -1.170),
    "advises": (-0.995, -1.604),
    "by_chance": (-0.210, 2.511),
    "alike": (-0.060, 1.128),
    "asks_need": (-0.459, 0.299),
    "asks_same": (0.043, 2.643),
    "asks_gain": (0.677, 0.337),
    "asks_fit": (0.052, -0.341),
    "asks_people": (-1.073, 1.296),
    "asks_there": (0.653, 0.185),
    "asks_is": (-0.461, -0.251),
    "read_supports": (3.536, 2.512),
    "read_refutes": (2.473, 6.447),
}
