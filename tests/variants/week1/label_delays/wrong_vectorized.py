"""np.vectorize calls the function for each flight, and refuses a table that has none.

Caught by: a table without flights does not get an empty Series
"""

def label_delays(flights):
    def outcome(left, delay):
        if np.isnan(left):
            return "cancelled"
        if np.isnan(delay):
            return "diverted"
        return "late" if delay >= 15 else "on_time"

    return pd.Series(np.vectorize(outcome)(flights["dep_time"], flights["arr_delay"]), index=flights.index)
