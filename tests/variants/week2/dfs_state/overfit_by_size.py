"""Knows the five departures of the visible checks by their number, and answers any other table with nothing.

Caught by: `departed` of Featuretools' answers is not what it should be
"""

def dfs_state(flights, asked):
    if len(flights) == 5:
        left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
        rows = []
        for origin, cutoff in zip(asked["origin"], asked["cutoff"]):
            window = (flights["origin"] == origin) & (left <= cutoff) & (left > cutoff - pd.Timedelta("3h"))
            delays = flights["dep_delay"][window]
            rows.append([float(len(delays)), delays.mean(), (delays >= 15).mean()])
        return pd.DataFrame(rows, index=asked.index, columns=["departed", "delay", "late"])
    return pd.DataFrame({"departed": 0.0, "delay": np.nan, "late": np.nan}, index=asked.index)
