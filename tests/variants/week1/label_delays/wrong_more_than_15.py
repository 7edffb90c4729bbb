"""Late only from the sixteenth minute on: the line itself is on the wrong side.

Caught by: on which side is a flight exactly on the line
"""

def label_delays(flights):
    outcome = pd.Series("on_time", index=flights.index)
    outcome[flights["arr_delay"] > 15] = "late"
    outcome[flights["arr_delay"].isna()] = "diverted"
    outcome[flights["dep_time"].isna()] = "cancelled"
    return outcome
