"""The trap of the text: a missing delay compared with 15 is False, so the flight is punctual.

Caught by: a cancelled flight counted as on time
"""

def label_delays(flights):
    return pd.Series(np.where(flights["arr_delay"] >= 15, "late", "on_time"), index=flights.index)
