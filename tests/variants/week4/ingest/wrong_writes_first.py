"""Writes file by file, before the last one is compared.

Caught by: the lake was changed all the same
"""

def ingest(day, landing, lake_folder):
    manifest, table = json.loads(Path(landing, day, "manifest.json").read_text()), pd.DataFrame()
    for name, promised in manifest.items():
        content = Path(landing, name).read_bytes()
        if hashlib.sha256(content).hexdigest() != promised["sha256"]:
            raise ValueError(name)
        table = pd.concat([table, pd.read_csv(Path(landing, name), dtype=str)]).drop_duplicates()
        lake.write(lake_folder, "raw", day, table)
    return len(table)
