"""Tests each column with pandas' own string methods."""

def validate(day, lake_folder):
    raw = lake.read(lake_folder, "raw", [day])
    iso = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"
    rules = dict(
        flight_id=r"\d+", updated=iso, sched_dep=iso, status="scheduled|departed|arrived|cancelled|diverted",
        carrier="[A-Z\\d]{2}", origin="EWR|JFK|LGA", dest="[A-Z]{3}", distance=r"[1-9]\d*",
        dep_delay=r"-?\d+", arr_delay=r"-?\d+",
    )
    gone = set(rules) - set(raw.columns)
    if gone:
        raise ValueError(f"no column {gone}")
    reasons = pd.Series([""] * len(raw), dtype=object)
    for column, rule in rules.items():
        text = raw[column].astype("string")
        good = text.str.fullmatch(rule).fillna(column in ("dep_delay", "arr_delay")).astype(bool)
        reasons = reasons.where(good, reasons + f"{column} is wrong, ")
    wrong = reasons.str.len() > 0
    held = raw.loc[wrong].copy()
    held["reason"] = reasons[wrong]
    lake.write(lake_folder, "quarantine", day, held)
    if len(raw) and len(held) / len(raw) > 0.05:
        raise ValueError("too many bad rows")
    clean = raw.loc[~wrong].copy()
    for name in ["updated", "sched_dep"]:
        clean[name] = pd.to_datetime(clean[name], format="%Y-%m-%dT%H:%M:%SZ", utc=True)
    for name in ["distance", "dep_delay", "arr_delay"]:
        clean[name] = pd.to_numeric(clean[name]).astype("float64")
    clean["flight_id"] = pd.to_numeric(clean["flight_id"]).astype(int)
    lake.write(lake_folder, "clean", day, clean)
    return len(held)
