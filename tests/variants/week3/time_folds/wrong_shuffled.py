"""Shuffled folds, as in every introduction.

Caught by: shuffled folds score too well
"""

def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import KFold

    return list(KFold(n_folds, shuffle=True, random_state=0).split(times))
    day = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D").to_numpy()
    folds = []
    for block in np.array_split(np.unique(day), n_folds + 1)[1:]:
        known = day < block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
