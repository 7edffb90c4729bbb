"""Fisher's exact test, masks in place of groupby."""

def worst_subgroups(frame, attributes, harmed, depth=2, min_size=30):
    from itertools import combinations, product

    from scipy.stats import fisher_exact

    y = frame[harmed].to_numpy() == 1
    rows = []
    for size in range(1, depth + 1):
        for names in combinations(attributes, size):
            for values in product(*(frame[name].unique() for name in names)):
                here = np.logical_and.reduce([frame[name].to_numpy() == value for name, value in zip(names, values)])
                if here.sum() < min_size:
                    continue
                square = [[(y & here).sum(), (~y & here).sum()], [(y & ~here).sum(), (~y & ~here).sum()]]
                label = " & ".join(f"{name}={value}" for name, value in zip(names, values))
                rows.append([label, here.sum(), y[here].mean(), fisher_exact(square, alternative="greater")[1]])
    table = pd.DataFrame(rows, columns=["subgroup", "people", "rate", "p_value"])
    table["claimed"] = [p * len(table) <= 0.05 for p in table["p_value"]]
    return table.sort_values("p_value")
