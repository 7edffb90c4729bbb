"""Keeps the newest message of each flight in a dictionary."""

def upsert(day, lake_folder):
    news = lake.read(lake_folder, "clean", [day])
    local = news["sched_dep"].dt.tz_convert(NEW_YORK)
    touched = set()
    for date, part in news.groupby(local.dt.strftime("%Y-%m-%d")):
        rows = {}
        if date in lake.days(lake_folder, "flights"):
            rows = {row["flight_id"]: row for row in lake.read(lake_folder, "flights", [date]).to_dict("records")}
        for row in part.to_dict("records"):
            old = rows.get(row["flight_id"])
            if old is None or row["updated"] >= old["updated"]:
                rows[row["flight_id"]] = row
        table = pd.DataFrame([rows[key] for key in sorted(rows)], columns=news.columns)
        lake.write(lake_folder, "flights", date, table.astype(news.dtypes.to_dict()))
        touched.add(date)
    return sorted(touched)
