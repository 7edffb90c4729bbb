"""Drops the flights with missing values first, as a tutorial would.

Caught by: some were lost
"""

def label_delays(flights):
    complete = flights.dropna(subset=["dep_time", "arr_delay"])
    return pd.Series(np.where(complete["arr_delay"] >= 15, "late", "on_time"), index=complete.index)
