"""Two lookups by position, joined with where."""

def label_delays(flights):
    delay, left = flights["arr_delay"], flights["dep_time"].notna()
    arrived = pd.Series(np.where(delay < 15, "on_time", "late"), index=flights.index)
    return arrived.where(delay.notna(), left.map({True: "diverted", False: "cancelled"}))
