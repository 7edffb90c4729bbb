"""For each flight a mask over its group: slow and plain."""

def recent_state(flights, by, hours):
    cut = flights["sched_dep"] - pd.Timedelta(hours=2)
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    s, d, c = (t.dt.tz_localize(None).to_numpy() for t in (flights["sched_dep"], left, cut))
    delay, window, result = flights["dep_delay"].to_numpy(), np.timedelta64(hours, "h"), {}
    for rows in flights.groupby(list(by), observed=True).indices.values():
        for i in rows:
            gone = (d[rows] > c[i] - window) & (d[rows] <= c[i])
            waits = (s[rows] > c[i] - window) & (s[rows] <= c[i]) & ~(d[rows] <= c[i])
            mean = delay[rows][gone].mean() if gone.any() else np.nan
            result[flights.index[i]] = {"departed": gone.sum(), "delay": mean, "waiting": waits.sum()}
    return pd.DataFrame.from_dict(result, orient="index")
