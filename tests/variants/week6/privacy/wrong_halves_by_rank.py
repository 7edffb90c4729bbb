"""Halves of equal size: people with the same value may stand in different bands.

Clause: "a value may become a band of values, the same band in every row;"

Caught by: one value became two different ones
"""

from collections import Counter, defaultdict


def class_sizes(frame: pd.DataFrame, quasi: list[str]) -> pd.Series:
    keys = [
        tuple(None if pd.isna(value) else value for value in row)
        for row in frame[quasi].itertuples(index=False, name=None)
    ]
    counts = Counter(keys)
    return pd.Series([counts[key] for key in keys], index=frame.index)


def anonymise(frame: pd.DataFrame, quasi: list[str], secret: str, k: int) -> pd.DataFrame:
    made = pd.DataFrame(index=frame.index)
    for name in quasi:
        if frame[name].nunique() <= 2:
            made[name] = frame[name].astype(str)
        else:
            made[name] = np.where(frame[name].rank(method="first") <= len(frame) / 2, "low", "high")
    kept = (class_sizes(made, quasi) >= k).to_numpy()
    made[secret] = frame[secret]
    return made[kept]


def learned(released: pd.DataFrame, known: pd.DataFrame, quasi: list[str], secret: str) -> pd.DataFrame:
    secrets = defaultdict(list)
    for *key, value in released[[*quasi, secret]].itertuples(index=False, name=None):
        secrets[tuple(key)].append(value)
    rows = []
    for key in known[quasi].itertuples(index=False, name=None):
        values = secrets.get(key, [])
        rows.append((len(values), values[0] if len(set(values)) == 1 else np.nan))
    return pd.DataFrame(rows, columns=["candidates", "secret"], index=known.index)
