"""Writes a new column into the table that it was handed.

Caught by: changed its input in place
"""

def label_delays(flights):
    flights["outcome"] = "on_time"
    flights.loc[flights["arr_delay"] >= 15, "outcome"] = "late"
    flights.loc[flights["arr_delay"].isna(), "outcome"] = "diverted"
    flights.loc[flights["dep_time"].isna(), "outcome"] = "cancelled"
    return flights["outcome"]
