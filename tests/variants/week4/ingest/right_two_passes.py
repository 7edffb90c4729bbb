"""Checks everything first in a function of its own, then reads; object columns, empty text as None."""

def ingest(day, landing, lake_folder):
    names = _checked(Path(landing), day)
    table = pd.concat([pd.read_csv(Path(landing) / name, dtype=object, keep_default_na=False) for name in names])
    table = table.loc[~table.duplicated()].replace({"": None})
    target = Path(lake_folder) / "raw" / (day + ".parquet")
    target.parent.mkdir(exist_ok=True, parents=True)
    beside = target.with_name(target.name + ".tmp")
    try:
        table.to_parquet(beside, index=False)
        beside.rename(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return int(table.shape[0])


def _checked(root, day):
    manifest = root / day / "manifest.json"
    if not manifest.is_file():
        raise FileNotFoundError(manifest)
    promised = json.loads(manifest.read_bytes())
    for name in promised:
        if not (root / name).is_file():
            raise FileNotFoundError(name)
        digest = hashlib.new("sha256")
        digest.update((root / name).read_bytes())
        if digest.hexdigest() != promised[name]["sha256"]:
            raise ValueError("not the file that was sent: " + name)
    return list(promised)
