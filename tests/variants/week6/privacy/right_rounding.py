"""Rounds to coarser and coarser steps; counts with value_counts; a loop over people."""

def class_sizes(frame, quasi):
    key = frame[quasi].astype(object).where(frame[quasi].notna(), "?").apply(tuple, axis=1)
    return key.map(key.value_counts())


def anonymise(frame, quasi, secret, k):
    best = None
    for parts in (6, 5, 4, 3, 2):
        release = pd.DataFrame({secret: frame[secret]})
        for name in quasi:
            values = frame[name]
            if values.nunique() <= 2:
                release[name] = values
                continue
            cuts = sorted(set(values.quantile([part / parts for part in range(1, parts)])))
            release[name] = values.map(lambda value: sum(value > cut for cut in cuts))
        kept = release[class_sizes(release, quasi) >= k]
        if best is None or len(kept) > len(best):
            best = kept
        if len(kept) > 0.88 * len(frame):
            return kept
    return best


def learned(released, known, quasi, secret):
    rows = []
    for _, person in known.iterrows():
        fits = released
        for name in quasi:
            fits = fits[fits[name] == person[name]]
        values = fits[secret].unique()
        rows.append({"candidates": len(fits), "secret": values[0] if len(values) == 1 else np.nan})
    return pd.DataFrame(rows, index=known.index)
