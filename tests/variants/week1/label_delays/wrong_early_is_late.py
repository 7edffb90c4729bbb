"""Takes the size of the delay: who lands an hour early is late.

Caught by: an on-time flight counted as late
"""

def label_delays(flights):
    outcome = pd.Series("on_time", index=flights.index)
    outcome[flights["arr_delay"].abs() >= 15] = "late"
    outcome[flights["arr_delay"].isna()] = "diverted"
    outcome[flights["arr_delay"].isna() & flights["dep_time"].isna()] = "cancelled"
    return outcome
