"""Returns an array: it cannot be matched with the flights any more.

Caught by: label_delays should be a Series
"""

def label_delays(flights):
    missing = flights["arr_delay"].isna()
    left = flights["dep_time"].notna()
    return np.select([missing & left, missing, flights["arr_delay"] >= 15], ["diverted", "cancelled", "late"], "on_time")
