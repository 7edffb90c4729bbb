"""Dates as Python objects and plain loops."""

def time_folds(times, n_folds, gap_days):
    import datetime

    days = list(times.dt.tz_convert("America/New_York").dt.date)
    distinct = sorted(set(days))
    edges = [round(k * len(distinct) / (n_folds + 1)) for k in range(n_folds + 2)]
    folds = []
    for k in range(1, n_folds + 1):
        block = distinct[edges[k] : edges[k + 1]]
        last = block[0] - datetime.timedelta(days=gap_days)
        train = [i for i, day in enumerate(days) if day < last]
        valid = [i for i, day in enumerate(days) if block[0] <= day <= block[-1]]
        folds.append((np.array(train), np.array(valid)))
    return folds
