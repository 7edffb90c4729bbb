"""Counts on sorted Series, one group after the other, and joins the pieces."""

def recent_state(flights, by, hours):
    h, pieces = pd.Timedelta(hours=hours), []
    for _, group in flights.groupby(by, observed=True):
        cut, sched = group["sched_dep"] - pd.Timedelta(hours=2), group["sched_dep"]
        gone = group.dropna(subset=["dep_delay"])
        left = (gone["sched_dep"] + pd.to_timedelta(gone["dep_delay"], unit="min")).sort_values()
        sums = np.append(0.0, gone["dep_delay"].loc[left.index].cumsum())
        a, b = left.searchsorted(cut - h, side="right"), left.searchsorted(cut, side="right")
        due = sched.sort_values()
        n_due = due.searchsorted(cut, side="right") - due.searchsorted(cut - h, side="right")
        both = np.maximum(gone["sched_dep"], left.loc[gone.index]).sort_values()
        old = np.maximum(gone["sched_dep"] + h, left.loc[gone.index]).sort_values()
        n_done = both.searchsorted(cut, side="right") - old.searchsorted(cut, side="right")
        piece = pd.DataFrame({"departed": b - a, "delay": sums[b] - sums[a], "waiting": n_due - n_done}, index=group.index)
        pieces.append(piece.assign(delay=piece["delay"] / piece["departed"].where(piece["departed"] > 0)))
    return pd.concat(pieces).loc[flights.index]
