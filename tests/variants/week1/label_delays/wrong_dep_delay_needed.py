"""Reads dep_delay, which the function is not promised, to see who never left.

Clause: "flights : DataFrame with ``dep_time`` (hhmm) and ``arr_delay`` (minutes), both NaN where there is none"

Caught by: a table without flights does not get an empty Series
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    delay, left = flights["arr_delay"].to_numpy(dtype=float), flights["dep_delay"].to_numpy(dtype=float)
    outcome = np.where(delay >= 15, "late", "on_time").astype(object)
    outcome[np.isnan(delay)] = "diverted"
    outcome[np.isnan(left)] = "cancelled"
    return pd.Series(outcome, index=flights.index)
