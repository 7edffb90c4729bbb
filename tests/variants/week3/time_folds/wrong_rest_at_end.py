"""All days that are left over go into the last block.

Clause: "blocks whose lengths differ by one day at most"

Caught by: the lengths of the blocks differ by more than one day
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd


def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    zone = ZoneInfo("America/New_York")
    dates = [moment.to_pydatetime(warn=False).astimezone(zone).date() for moment in times]
    days = sorted(set(dates))
    size = len(days) // (n_folds + 1)
    starts = [k * size for k in range(n_folds + 1)] + [len(days)]
    folds = []
    for k in range(1, n_folds + 1):
        block = set(days[starts[k] : starts[k + 1]])
        left_out = {min(block) - timedelta(days=n) for n in range(1, gap_days + 1)}
        train = [i for i, date in enumerate(dates) if date < min(block) and date not in left_out]
        valid = [i for i, date in enumerate(dates) if date in block]
        folds.append((np.array(train, dtype=int), np.array(valid, dtype=int)))
    return folds
