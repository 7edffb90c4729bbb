"""Bands that grow finer as long as the release allows it."""

def class_sizes(frame: pd.DataFrame, quasi: list[str]) -> pd.Series:
    codes = np.column_stack([pd.factorize(frame[name])[0] for name in quasi])  # what is not known has code -1
    _, which, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    return pd.Series(counts[which.reshape(-1)], index=frame.index)


def anonymise(frame: pd.DataFrame, quasi: list[str], secret: str, k: int) -> pd.DataFrame:
    """Begin with two bands everywhere, and make them finer as long as the release allows it."""

    def banded(name, parts):
        values = frame[name].astype(float)
        levels = np.sort(values.unique())
        edges = np.unique(values.quantile(np.arange(1, parts) / parts, interpolation="lower"))
        edges = edges[edges < levels[-1]]
        if len(edges) == 0:
            edges = levels[-2:-1]
        return pd.cut(values, [-np.inf, *edges, np.inf]).astype(str)

    def release(parts):
        made = pd.DataFrame({name: banded(name, parts[name]) for name in quasi})
        made[secret] = frame[secret]
        made = made[class_sizes(made, quasi).to_numpy() >= k]
        if len(frame) - len(made) > 0.15 * len(frame):
            return None
        varied = all(made[name].nunique() >= min(2, frame[name].nunique()) for name in quasi)
        return made if varied else None

    parts = dict.fromkeys(quasi, 2)
    best = release(parts)
    if best is None:
        raise ValueError("even two bands are too many")
    for finer in range(3, 9):
        for name in quasi:
            made = release({**parts, name: finer})
            if made is not None:
                parts[name], best = finer, made
    return best


def learned(released: pd.DataFrame, known: pd.DataFrame, quasi: list[str], secret: str) -> pd.DataFrame:
    by = released.groupby(quasi, observed=True)[secret]
    classes = pd.DataFrame(
        {"candidates": by.size(), "secret": by.first(), "kinds": by.agg(lambda some: some.nunique(dropna=False))}
    )
    classes["secret"] = classes["secret"].where(classes["kinds"] == 1)
    found = known[quasi].merge(classes.reset_index(), on=quasi, how="left")
    found.index = known.index
    found["candidates"] = found["candidates"].fillna(0).astype(int)
    return found[["candidates", "secret"]]
