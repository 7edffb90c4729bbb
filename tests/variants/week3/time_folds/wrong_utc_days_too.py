"""Days are those of UTC.

Clause: "The New York days that have flights, in order, are cut into `n_folds + 1` blocks"

Caught by: a validation block does not hold all flights of its days, or two blocks share a day
"""

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("UTC").dt.tz_localize(None).dt.normalize().to_numpy()
    blocks = np.array_split(np.unique(day), n_folds + 1)
    folds = []
    for block in blocks[1:]:
        end = block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(day < end), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
