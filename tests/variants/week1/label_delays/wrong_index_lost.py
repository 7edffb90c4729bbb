"""The result has a new index 0, 1, 2 instead of that of the flights.

Clause: "Series of "on_time", "late", "cancelled" or "diverted", one for each flight, with the same index"

Caught by: the index of the outcomes is not that of the flights: it comes in another order
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    delay, left = flights["arr_delay"].to_numpy(dtype=float), flights["dep_time"].to_numpy(dtype=float)
    outcome = np.where(delay >= 15, "late", "on_time").astype(object)
    outcome[np.isnan(delay)] = "diverted"
    outcome[np.isnan(left)] = "cancelled"
    return pd.Series(outcome)
