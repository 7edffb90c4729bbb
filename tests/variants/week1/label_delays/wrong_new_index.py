"""Builds the series from an array and loses the index of the flights.

Caught by: the index of the outcomes is not that
"""

def label_delays(flights):
    missing = flights["arr_delay"].isna()
    left = flights["dep_time"].notna()
    questions = [missing & left, missing, flights["arr_delay"] >= 15]
    return pd.Series(np.select(questions, ["diverted", "cancelled", "late"], "on_time"))
