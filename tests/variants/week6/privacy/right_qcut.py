"""qcut with fewer and fewer bins, value_counts as a table."""

def class_sizes(frame, quasi):
    counts = frame[quasi].value_counts(dropna=False).rename("n").reset_index()
    return pd.Series(frame[quasi].merge(counts, on=quasi, how="left")["n"].to_numpy(), index=frame.index)


def anonymise(frame, quasi, secret, k):
    for bins in (5, 4, 3, 2):
        bands = {name: pd.qcut(frame[name], bins, duplicates="drop").astype(str) for name in quasi if frame[name].nunique() > 2}
        bands = {name: band if band.nunique() > 1 else (frame[name] > frame[name].min()).astype(str) for name, band in bands.items()}
        release = frame[[*quasi, secret]].assign(**bands)
        release = release[class_sizes(release, quasi) >= k]
        if len(release) >= 0.87 * len(frame):
            return release
    return release


def learned(released, known, quasi, secret):
    rows = []
    for person in known[quasi].itertuples(index=False):
        fits = released[(released[quasi] == list(person)).all(axis=1)][secret]
        rows.append((len(fits), fits.iloc[0] if len(fits) and (fits == fits.iloc[0]).all() else np.nan))
    return pd.DataFrame(rows, columns=["candidates", "secret"], index=known.index)
