"""One pass of pd.cut over instants, and groups taken from it."""

def time_split(flights, valid_from, test_from):
    edges = pd.to_datetime([valid_from, test_from]).tz_localize("America/New_York").tz_convert("UTC")
    side = (flights["sched_dep"] >= edges[0]).astype(int) + (flights["sched_dep"] >= edges[1])
    return tuple(flights.loc[(side == number).to_numpy()] for number in range(3))
