"""Reads the delay at departure to see who left, a column that nobody promised.

Caught by: `dep_time` and `arr_delay` alone
"""

def label_delays(flights):
    outcome = pd.Series(np.where(flights["arr_delay"] >= 15, "late", "on_time"), index=flights.index)
    outcome[flights["arr_delay"].isna()] = "diverted"
    outcome[flights["arr_delay"].isna() & flights["dep_delay"].isna()] = "cancelled"
    return outcome
