"""The latest fold first.

Caught by: the folds are not in order of time
"""

def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D").to_numpy()
    folds = []
    for block in np.array_split(np.unique(day), n_folds + 1)[1:]:
        known = day < block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds[::-1]
