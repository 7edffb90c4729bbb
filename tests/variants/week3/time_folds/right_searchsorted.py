"""By the ordinal number of each day."""

def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    local = times.dt.tz_convert("America/New_York").dt.tz_localize(None)
    day = np.array([moment.toordinal() for moment in local])
    folds = []
    for block in np.array_split(np.unique(day), n_folds + 1)[1:]:
        known = day < block[0] - gap_days
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
