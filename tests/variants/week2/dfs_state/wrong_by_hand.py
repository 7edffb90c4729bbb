"""Answers by masks and never calls Featuretools.

Caught by: did not come from `featuretools.dfs`
"""

def dfs_state(flights, asked):
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    rows = []
    for _, question in asked.iterrows():
        end = question["cutoff"]
        inside = (flights["origin"] == question["origin"]) & (left <= end) & (left > end - pd.Timedelta("3h"))
        delays = flights.loc[inside, "dep_delay"]
        rows.append({"departed": len(delays), "delay": delays.mean(), "late": (delays >= 15).mean()})
    return pd.DataFrame(rows, index=asked.index)
