"""Takes "on time" for within 15 minutes of the schedule: who lands early is late.

Caught by: an on-time flight counted as late
"""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    outcome = pd.Series("on_time", index=flights.index)
    outcome[flights["arr_delay"].abs() >= 15] = "late"
    outcome[flights["arr_delay"].isna()] = "diverted"
    outcome[flights["arr_delay"].isna() & flights["dep_time"].isna()] = "cancelled"
    return outcome
