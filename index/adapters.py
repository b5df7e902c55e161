"""Low-rank adapters (Hu et al. 2021) of encoder weights: safetensors, added when weights are loaded.

A file holds, for the weight NAME of shape (out, in), `NAME.a` (rank, in) and `NAME.b` (out, rank) with
the scale folded into b; the adapted weight is NAME + b a. Names without this pair are left to the reader.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.encoders import Vectors


def differences(file: Path) -> dict[str, Vectors]:
    """What to add to each adapted weight, float32 (out, in), by the weight's name."""
    from safetensors.numpy import load_file

    parts = {name: value.astype(np.float32) for name, value in load_file(file).items()}
    return {
        name[:-2]: parts[f"{name[:-2]}.b"] @ value for name, value in parts.items() if name.endswith(".a")
    }
