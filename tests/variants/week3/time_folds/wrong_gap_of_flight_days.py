"""The gap counts days with flights, so it is longer where days are missing.

Clause: "leaves out the $g$ calendar days before validation begins, with flights or without"

Caught by: a fold does not train on every earlier flight outside its gap
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    zone = ZoneInfo("America/New_York")
    dates = [moment.to_pydatetime(warn=False).astimezone(zone).date() for moment in times]
    days = sorted(set(dates))
    size, longer = divmod(len(days), n_folds + 1)
    starts = [k * size + min(k, longer) for k in range(n_folds + 2)]
    folds = []
    for k in range(1, n_folds + 1):
        block = set(days[starts[k] : starts[k + 1]])
        left_out = set(days[max(starts[k] - gap_days, 0) : starts[k]])
        train = [i for i, date in enumerate(dates) if date < min(block) and date not in left_out]
        valid = [i for i, date in enumerate(dates) if date in block]
        folds.append((np.array(train, dtype=int), np.array(valid, dtype=int)))
    return folds
