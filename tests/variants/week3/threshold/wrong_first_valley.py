"""The search stops where the cost rises for the first time.

Clause: "Give a threshold of lowest mean cost on these flights"

Caught by: another threshold is cheaper on these flights
"""

from collections import defaultdict


def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    total = 0.0
    for late, said in zip(list(y), list(p)):
        if said >= threshold:
            total += cost["caught"] if late else cost["false_alarm"]
        else:
            total += cost["missed"] if late else cost["quiet"]
    return total / len(y)


def best_threshold(y, p, cost: dict) -> float:
    change = defaultdict(float)
    total = 0.0
    for late, said in zip(list(y), list(p)):
        total += cost["missed"] if late else cost["quiet"]
        change[float(said)] += cost["caught"] - cost["missed"] if late else cost["false_alarm"] - cost["quiet"]
    best, lowest = float("inf"), total
    for cut in sorted(change, reverse=True):
        total += change[cut]
        if total < lowest:
            best, lowest = cut, total
        elif total > lowest:
            break
    return best
