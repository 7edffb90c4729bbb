"""A flight that arrives 15 minutes or more before schedule is called late.

Clause: "arrived, less than 15 minutes after schedule"

Caught by: an on-time flight counted as late: it arrived in time
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    delay, left = flights["arr_delay"].to_numpy(dtype=float), flights["dep_time"].to_numpy(dtype=float)
    outcome = np.where(np.abs(delay) >= 15, "late", "on_time").astype(object)
    outcome[np.isnan(delay)] = "diverted"
    outcome[np.isnan(left)] = "cancelled"
    return pd.Series(outcome, index=flights.index)
