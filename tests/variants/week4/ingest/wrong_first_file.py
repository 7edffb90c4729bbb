"""Compares the digest of the first file only.

Caught by: is taken as if it were whole
"""

def ingest(day, landing, lake_folder):
    manifest = json.loads(Path(landing, day, "manifest.json").read_text())
    parts = []
    for name, promised in manifest.items():
        content = Path(landing, name).read_bytes()
        if not parts and hashlib.sha256(content).hexdigest() != promised["sha256"]:
            raise ValueError(name)
        parts.append(pd.read_csv(Path(landing, name), dtype=str))
    table = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    lake.write(lake_folder, "raw", day, table)
    return len(table)
