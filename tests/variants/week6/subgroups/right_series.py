"""Labels as a column, one groupby on it."""

def worst_subgroups(frame, attributes, harmed, depth=2, min_size=30):
    import itertools
    from scipy.stats import hypergeom

    parts = []
    for size in range(1, depth + 1):
        for names in itertools.combinations(attributes, size):
            label = (names[0] + "=") + frame[names[0]].astype(str)
            for name in names[1:]:
                label = label + f" & {name}=" + frame[name].astype(str)
            by = frame[harmed].groupby(label.to_numpy()).agg(["size", "sum"])
            parts.append(by[by["size"] >= min_size])
    counts = pd.concat(parts)
    p = hypergeom.sf(counts["sum"] - 1, len(frame), frame[harmed].sum(), counts["size"])
    table = pd.DataFrame({"subgroup": counts.index, "people": counts["size"].to_numpy(),
                          "rate": (counts["sum"] / counts["size"]).to_numpy(), "p_value": p})
    return table.assign(claimed=table["p_value"].mul(len(table)).le(0.05)).sort_values("p_value")
