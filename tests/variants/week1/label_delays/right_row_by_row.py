"""One flight at a time: slow, plain and right."""

def label_delays(flights):
    def outcome(row):
        if pd.isna(row["dep_time"]):
            return "cancelled"
        if pd.isna(row["arr_delay"]):
            return "diverted"
        return "late" if row["arr_delay"] >= 15 else "on_time"

    return flights.apply(outcome, axis=1)
