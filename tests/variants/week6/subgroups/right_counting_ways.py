"""One pass over the people, and the ways counted in whole numbers."""

import itertools
import math
from collections import defaultdict


def worst_subgroups(
    frame: pd.DataFrame, attributes: list[str], harmed: str, depth: int = 2, min_size: int = 30
) -> pd.DataFrame:
    found = defaultdict(lambda: [0, 0])
    columns = [frame[name].tolist() for name in attributes]
    outcomes = [int(one) for one in frame[harmed]]
    places = [c for size in range(1, depth + 1) for c in itertools.combinations(range(len(attributes)), size)]
    for number, outcome in enumerate(outcomes):
        for chosen in places:
            name = " & ".join(f"{attributes[j]}={columns[j][number]}" for j in chosen)
            found[name][0] += 1
            found[name][1] += outcome
    N, K = len(outcomes), sum(outcomes)

    def tail(n, k):
        ways = sum(math.comb(K, h) * math.comb(N - K, n - h) for h in range(k, min(n, K) + 1))
        return ways / math.comb(N, n)

    rows = [(name, n, k / n, tail(n, k)) for name, (n, k) in found.items() if n >= min_size]
    rows = sorted(rows, key=lambda row: row[3])
    rows = [(*row, row[3] * len(rows) <= 0.05) for row in rows]
    return pd.DataFrame(rows, columns=["subgroup", "people", "rate", "p_value", "claimed"])
