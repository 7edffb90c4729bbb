"""Not known becomes 0.

Caught by: the size of a class with something not known is not
"""

def class_sizes(frame: pd.DataFrame, quasi: list[str]) -> pd.Series:
    return frame.fillna(0).groupby(quasi, dropna=False, observed=True)[quasi[0]].transform("size")


def anonymise(frame: pd.DataFrame, quasi: list[str], secret: str, k: int) -> pd.DataFrame:
    for n_bands in range(8, 1, -1):
        release = frame[[*quasi, secret]].copy()
        for name in quasi:
            if frame[name].nunique() > 2:
                edges = np.unique(np.quantile(frame[name], np.arange(1, n_bands) / n_bands))
                release[name] = [f"band {band}" for band in np.searchsorted(edges, frame[name])]
        sizes = release.groupby(quasi, dropna=False)[secret].transform("size")
        release = release[sizes >= k]
        if len(release) >= 0.9 * len(frame):
            break
    return release


def learned(released: pd.DataFrame, known: pd.DataFrame, quasi: list[str], secret: str) -> pd.DataFrame:
    classes = released.groupby(quasi)[secret].agg(["size", "nunique", "first"]).reset_index()
    found = known[quasi].merge(classes, on=quasi, how="left").set_axis(known.index)
    return pd.DataFrame({"candidates": found["size"].fillna(0), "secret": found["first"].where(found["nunique"] == 1)})
