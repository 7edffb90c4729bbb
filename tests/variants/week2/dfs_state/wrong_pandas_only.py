"""No Featuretools: a loop over the questions in pandas.

Clause: "Describe the last three hours of airports at given instants, made by `featuretools.dfs`."

Caught by: `departed` and `delay` and `late` did not come from `featuretools.dfs`
"""

def dfs_state(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="m")
    rows = []
    for origin, cutoff in zip(asked["origin"], asked["cutoff"]):
        window = (flights["origin"] == origin) & (left > cutoff - pd.Timedelta("3h")) & (left <= cutoff)
        delays = flights.loc[window, "dep_delay"]
        rows.append([len(delays), delays.mean(), (delays >= 15).mean()])
    return pd.DataFrame(rows, index=asked.index, columns=["departed", "delay", "late"])
