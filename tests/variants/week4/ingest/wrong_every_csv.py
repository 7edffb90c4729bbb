"""Reads every file below landing, whatever the day.

Caught by: messages that were not sent on this day
"""

def ingest(day: str, landing: str, lake_folder: str) -> int:
    manifest = json.loads(Path(landing, day, "manifest.json").read_text())
    parts = []
    for place in sorted(Path(landing).rglob("*.csv")):
        name = str(place.relative_to(landing))
        promised = manifest.get(name, {"sha256": hashlib.sha256(place.read_bytes()).hexdigest()})
        if hashlib.sha256(place.read_bytes()).hexdigest() != promised["sha256"]:
            raise ValueError(f"{name} is not what the manifest promises: it was cut off or changed on its way")
        parts.append(pd.read_csv(place, dtype=str))
    messages = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    target = lake.path(lake_folder, "raw", day)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        messages.to_parquet(part, index=False)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return len(messages)
