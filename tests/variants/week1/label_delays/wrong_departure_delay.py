"""Counts who left late, and not who arrived late.

Caught by: what counts is the delay at arrival
"""

def label_delays(flights):
    outcome = pd.Series("on_time", index=flights.index)
    outcome[flights["dep_delay"] >= 15] = "late"
    outcome[flights["arr_delay"].isna()] = "diverted"
    outcome[flights["dep_time"].isna()] = "cancelled"
    return outcome
