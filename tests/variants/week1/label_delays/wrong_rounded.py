"""Rounds the minutes first: 14.5 and 15.5 change sides or do not, as they please.

Caught by: on which side is a flight exactly on the line
"""

def label_delays(flights):
    delay = flights["arr_delay"]
    outcome = pd.Series(np.where(delay.fillna(0).astype(int) > 15, "late", "on_time"), index=flights.index)
    outcome[delay.isna()] = "diverted"
    outcome[delay.isna() & flights["dep_time"].isna()] = "cancelled"
    return outcome
