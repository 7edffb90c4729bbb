"""Products of values, query by masks; chances added with comb."""

def worst_subgroups(frame, attributes, harmed, depth=2, min_size=30):
    from itertools import combinations, product
    from math import comb

    harm, N = frame[harmed].to_numpy(), len(frame)
    K, rows = int(harm.sum()), []
    for size in range(1, depth + 1):
        for names in combinations(attributes, size):
            for values in product(*(sorted(frame[name].unique()) for name in names)):
                rows_of = np.all([frame[a].to_numpy() == v for a, v in zip(names, values)], axis=0)
                n, k = int(rows_of.sum()), int(harm[rows_of].sum())
                if n and n >= min_size:
                    ways = sum(comb(K, h) * comb(N - K, n - h) for h in range(k, min(n, K) + 1))
                    label = " & ".join(map("=".join, zip(names, values)))
                    rows.append([label, n, k / n, ways / comb(N, n)])
    table = pd.DataFrame(rows, columns=["subgroup", "people", "rate", "p_value"])
    table["claimed"] = table["p_value"].astype(float) * len(table) <= 0.05
    return table.sort_values("p_value", ignore_index=True)
