"""NumPy alone: two histograms and one look-up."""

def rule_of_thumb(train, flights, m=50.0):
    hour, late = train["hour"].to_numpy(), train["late"].to_numpy(dtype=float)
    flown = np.bincount(hour, minlength=24)
    scores = np.full(24, late.mean())
    known = flown > 0
    scores[known] = (np.bincount(hour, weights=late, minlength=24) + m * late.mean())[known] / (flown[known] + m)
    return scores[flights["hour"].to_numpy()]
