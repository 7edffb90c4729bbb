"""Counts days with flights in the gap.

Caught by: every earlier flight outside its gap
"""

def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D").to_numpy()
    folds = []
    for block in np.array_split(np.unique(day), n_folds + 1)[1:]:
        before = np.unique(day[day < block[0]])
        known = day < (before[-gap_days] if gap_days else block[0])
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
