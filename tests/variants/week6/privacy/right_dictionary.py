"""Classes in a dictionary, keys as tuples."""

def keys(frame, quasi):
    return [tuple("?" if pd.isna(value) else value for value in row) for row in frame[quasi].to_numpy(dtype=object)]


def class_sizes(frame, quasi):
    from collections import Counter

    own = keys(frame, quasi)
    sizes = Counter(own)
    return pd.Series([sizes[key] for key in own], index=frame.index)


def anonymise(frame, quasi, secret, k):
    release = frame[[*quasi, secret]].copy()
    for name in quasi:
        if frame[name].nunique() > 2:
            release[name] = np.where(frame[name] > frame[name].median(), "upper half", "lower half")
            if release[name].nunique() < 2:
                release[name] = np.where(frame[name] < frame[name].max(), "below the top", "top")
    return release[class_sizes(release, quasi) >= k]


def learned(released, known, quasi, secret):
    from collections import defaultdict

    secrets = defaultdict(list)
    for key, value in zip(keys(released, quasi), released[secret]):
        secrets[key].append(value)
    found = [secrets.get(key, []) for key in keys(known, quasi)]
    agreed = [values[0] if len(set(values)) == 1 else np.nan for values in found]
    return pd.DataFrame({"candidates": list(map(len, found)), "secret": agreed}, index=known.index)
