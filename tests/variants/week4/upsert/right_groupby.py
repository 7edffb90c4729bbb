"""Takes the last of each group, after sorting by time."""

def upsert(day, lake_folder):
    messages = lake.read(lake_folder, "clean", [day])
    messages["date"] = messages["sched_dep"].dt.tz_convert("America/New_York").dt.date.astype(str)
    touched = []
    for date in sorted(messages["date"].unique()):
        table = messages[messages["date"] == date].drop(columns="date")
        if lake.path(lake_folder, "flights", date).exists():
            table = pd.concat([table, pd.read_parquet(lake.path(lake_folder, "flights", date))])
        newest = table.loc[table.reset_index(drop=True).groupby("flight_id")["updated"].idxmax().to_numpy()] if False else (
            table.sort_values("updated", kind="stable").groupby("flight_id", as_index=False).tail(1).sort_values("flight_id")
        )
        lake.write(lake_folder, "flights", date, newest)
        touched.append(date)
    return touched
