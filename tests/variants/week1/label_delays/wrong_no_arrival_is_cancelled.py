"""Takes every missing arrival delay for a cancellation.

Caught by: a diverted flight counted as cancelled
"""

def label_delays(flights):
    outcome = np.where(flights["arr_delay"] >= 15, "late", "on_time")
    outcome = np.where(flights["arr_delay"].isna(), "cancelled", outcome)
    return pd.Series(outcome, index=flights.index)
