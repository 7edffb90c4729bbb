"""The gap is a number of 24 hours before midnight, one hour off where the clocks change.

Clause: "leaves out the $g$ calendar days before validation begins, with flights or without"

Caught by: a fold trains on days within the gap, or on one that it validates on, for days around a
"""

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    local = times.dt.tz_convert("America/New_York").reset_index(drop=True)
    day = local.dt.tz_localize(None).dt.normalize().to_numpy()
    blocks = np.array_split(np.unique(day), n_folds + 1)
    folds = []
    for block in blocks[1:]:
        end = pd.Timestamp(block[0]).tz_localize("America/New_York") - pd.Timedelta(hours=24 * gap_days)
        folds.append((np.flatnonzero(local < end), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
