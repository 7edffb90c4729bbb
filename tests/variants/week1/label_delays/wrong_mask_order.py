"""The later assignment wins: every cancelled flight becomes diverted.

Caught by: a cancelled flight counted as diverted
"""

def label_delays(flights):
    outcome = pd.Series("on_time", index=flights.index)
    outcome[flights["arr_delay"] >= 15] = "late"
    outcome[flights["dep_time"].isna()] = "cancelled"
    outcome[flights["arr_delay"].isna()] = "diverted"
    return outcome
