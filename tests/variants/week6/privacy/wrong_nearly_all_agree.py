"""The secret counts as learned where nine of ten candidates agree.

Clause: "``secret``, where all of them agree in it, else NaN"

Caught by: a secret is claimed to be learned though the rows that fit do not agree, or there are none
"""

from collections import Counter, defaultdict


def class_sizes(frame: pd.DataFrame, quasi: list[str]) -> pd.Series:
    keys = [
        tuple(None if pd.isna(value) else value for value in row)
        for row in frame[quasi].itertuples(index=False, name=None)
    ]
    counts = Counter(keys)
    return pd.Series([counts[key] for key in keys], index=frame.index)


def _cuts(values, bands):
    levels, counts = np.unique(values, return_counts=True)
    if len(levels) <= bands:
        return levels[:-1]
    shares = counts.cumsum()[:-1] / counts.sum()
    return levels[sorted({int(np.abs(shares - j / bands).argmin()) for j in range(1, bands)})]


def _release(frame, quasi, secret, k, bands):
    made = pd.DataFrame(index=frame.index)
    for name in quasi:
        values = frame[name].to_numpy(dtype=float)
        band = np.searchsorted(_cuts(values, bands[name]), values)
        ends = pd.Series(values).groupby(band).agg(["min", "max"])
        made[name] = [f"{ends['min'][number]:g} to {ends['max'][number]:g}" for number in band]
    kept = (class_sizes(made, quasi) >= k).to_numpy()
    made[secret] = frame[secret]
    return made[kept]


def anonymise(frame: pd.DataFrame, quasi: list[str], secret: str, k: int) -> pd.DataFrame:
    bands = {name: max(2, min(8, frame[name].nunique())) for name in quasi}
    while True:
        released = _release(frame, quasi, secret, k, bands)
        enough = len(frame) - len(released) <= 0.15 * len(frame)
        if enough and all(released[name].nunique() >= min(2, frame[name].nunique()) for name in quasi):
            return released
        wide = [name for name in quasi if bands[name] > 2]
        if not wide:
            raise ValueError("no release keeps these conditions")
        tried = {name: len(_release(frame, quasi, secret, k, bands | {name: bands[name] - 1})) for name in wide}
        bands[max(tried, key=tried.get)] -= 1


def learned(released: pd.DataFrame, known: pd.DataFrame, quasi: list[str], secret: str) -> pd.DataFrame:
    secrets = defaultdict(list)
    for *key, value in released[[*quasi, secret]].itertuples(index=False, name=None):
        secrets[tuple(key)].append(value)
    rows = []
    for key in known[quasi].itertuples(index=False, name=None):
        values = secrets.get(key, [])
        rows.append((len(values), next((one for one in set(values) if values.count(one) >= 0.9 * len(values)), np.nan)))
    return pd.DataFrame(rows, columns=["candidates", "secret"], index=known.index)
