"""Days are numbers within their year, so December comes after the January that follows.

Clause: "Make folds in which training is always earlier than validation."

Caught by: a fold looks ahead: it trains on days after, or between, its validation days, for days
"""

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("America/New_York").dt.dayofyear.to_numpy()
    blocks = np.array_split(np.unique(day), n_folds + 1)
    folds = []
    for block in blocks[1:]:
        end = block[0] - gap_days
        folds.append((np.flatnonzero(day < end), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
