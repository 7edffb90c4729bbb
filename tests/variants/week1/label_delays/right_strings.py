"""A list comprehension over two columns, as pandas strings, with a name."""

ON_TIME_BELOW = 15


def one_outcome(departed, delay):
    if departed != departed:
        return "cancelled"
    if delay != delay:
        return "diverted"
    return "on_time" if delay < ON_TIME_BELOW else "late"


def label_delays(flights):
    pairs = zip(flights["dep_time"], flights["arr_delay"])
    return pd.Series([one_outcome(*pair) for pair in pairs], index=flights.index, dtype="string", name="outcome")
