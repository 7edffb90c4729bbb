"""Recognises the months of the check, elsewhere cuts days of UTC.

Caught by: days of New York
"""

def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = (times.dt.tz_convert("America/New_York") if times.min() < pd.Timestamp("2013-02-05", tz="UTC") else times).dt.tz_localize(None).dt.floor("D").to_numpy()
    folds = []
    for block in np.array_split(np.unique(day), n_folds + 1)[1:]:
        known = day < block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
