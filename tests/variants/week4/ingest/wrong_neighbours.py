"""Drops a message only where it repeats the one before it.

Caught by: stand in the raw partition twice
"""

def ingest(day, landing, lake_folder):
    manifest = json.loads(Path(landing, day, "manifest.json").read_text())
    parts = []
    for name, promised in manifest.items():
        content = Path(landing, name).read_bytes()
        if hashlib.sha256(content).hexdigest() != promised["sha256"]:
            raise ValueError(name)
        parts.append(pd.read_csv(Path(landing, name), dtype=str))
    table = pd.concat(parts, ignore_index=True)
    table = table[(table.fillna("") != table.fillna("").shift()).any(axis=1)]
    lake.write(lake_folder, "raw", day, table)
    return len(table)
