"""Fills the missing arrival delays of the caller's table with zero on the way.

Clause: "they are not on time, and they have no arrival delay either"

Caught by: `label_delays` changed its input in place (argument 1)
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    gone = flights["arr_delay"].isna()
    never = flights["dep_time"].isna()
    flights["arr_delay"] = flights["arr_delay"].fillna(0)
    outcome = np.where(flights["arr_delay"] >= 15, "late", "on_time").astype(object)
    outcome[gone.to_numpy()] = "diverted"
    outcome[never.to_numpy()] = "cancelled"
    return pd.Series(outcome, index=flights.index)
