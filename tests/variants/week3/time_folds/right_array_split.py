"""Days as datetime64, cut by np.array_split."""

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize().to_numpy()
    blocks = np.array_split(np.unique(day), n_folds + 1)
    folds = []
    for block in blocks[1:]:
        end = block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(day < end), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
