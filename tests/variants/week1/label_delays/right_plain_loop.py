"""A plain loop over the two columns."""

def label_delays(flights: pd.DataFrame) -> pd.Series:
    labels = []
    for left, delay in zip(flights["dep_time"].tolist(), flights["arr_delay"].tolist()):
        if pd.isna(left):
            labels.append("cancelled")
        elif pd.isna(delay):
            labels.append("diverted")
        elif delay < 15:
            labels.append("on_time")
        else:
            labels.append("late")
    return pd.Series(labels, index=flights.index, dtype=object)
