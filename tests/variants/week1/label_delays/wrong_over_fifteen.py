"""Exactly 15 minutes count as on time.

Clause: "arrived, 15 minutes or more after schedule"

Caught by: a late flight counted as on time: it arrived too late
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    delay, left = flights["arr_delay"].to_numpy(dtype=float), flights["dep_time"].to_numpy(dtype=float)
    outcome = np.where(delay > 15, "late", "on_time").astype(object)
    outcome[np.isnan(delay)] = "diverted"
    outcome[np.isnan(left)] = "cancelled"
    return pd.Series(outcome, index=flights.index)
