"""Late from an hour on, as far as the visible cases go.

Caught by: a late flight counted as on time
"""

def label_delays(flights):
    outcome = pd.Series(np.where(flights["arr_delay"] >= 60, "late", "on_time"), index=flights.index)
    outcome[flights["arr_delay"].isna()] = np.where(flights["dep_time"].isna(), "cancelled", "diverted")[flights["arr_delay"].isna()]
    return outcome
