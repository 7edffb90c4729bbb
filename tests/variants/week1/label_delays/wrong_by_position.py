"""Overwrites by position what was numbered by label.

Caught by: flights get outcomes of other flights
"""

def label_delays(flights):
    delay = flights["arr_delay"].sort_index()
    left = flights["dep_time"].sort_index()
    known = [delay < 15, delay >= 15, left.isna()]
    return pd.Series(np.select(known, ["on_time", "late", "cancelled"], "diverted"), index=flights.index)
