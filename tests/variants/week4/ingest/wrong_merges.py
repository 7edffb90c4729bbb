"""Adds what is there and drops duplicates: what was withdrawn stays.

Caught by: when a day comes again with other content
"""

def ingest(day, landing, lake_folder):
    manifest = json.loads(Path(landing, day, "manifest.json").read_text())
    parts = []
    for name, promised in manifest.items():
        content = Path(landing, name).read_bytes()
        if hashlib.sha256(content).hexdigest() != promised["sha256"]:
            raise ValueError(name)
        parts.append(pd.read_csv(Path(landing, name), dtype=str))
    table = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    if day in lake.days(lake_folder, "raw"):
        table = pd.concat([lake.read(lake_folder, "raw", [day]), table]).drop_duplicates(ignore_index=True)
    lake.write(lake_folder, "raw", day, table)
    return len(table)
