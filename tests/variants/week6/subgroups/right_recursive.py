"""Grows the subgroups attribute by attribute."""

def worst_subgroups(frame, attributes, harmed, depth=2, min_size=30):
    from scipy.stats import hypergeom

    total, found = (len(frame), frame[harmed].sum()), []

    def grow(rows, rest, label, left):
        for place, name in enumerate(rest):
            for value, some in rows.groupby(name):
                text = f"{label} & {name}={value}" if label else f"{name}={value}"
                if len(some) >= min_size:
                    k = some[harmed].sum()
                    found.append((text, len(some), k / len(some), hypergeom(total[0], total[1], len(some)).sf(k - 1)))
                if left > 1:
                    grow(some, rest[place + 1:], text, left - 1)

    grow(frame, list(attributes), "", depth)
    table = pd.DataFrame(sorted(found, key=lambda row: row[3]), columns=["subgroup", "people", "rate", "p_value"])
    return table.assign(claimed=table["p_value"] <= 0.05 / max(len(table), 1))
