"""The first block takes the days that do not divide.

Caught by: differ by more than one day
"""

def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    day = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D").to_numpy()
    folds = []
    for block in np.unique(day)[-(len(np.unique(day)) // (n_folds + 1)) * n_folds :].reshape(n_folds, -1):
        known = day < block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
