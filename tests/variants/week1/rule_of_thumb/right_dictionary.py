"""Counts in a loop and returns a list."""

def rule_of_thumb(train, flights, m=50.0):
    flown, late = {}, {}
    for hour, was_late in zip(train["hour"], train["late"]):
        flown[hour] = flown.get(hour, 0) + 1
        late[hour] = late.get(hour, 0) + int(was_late)
    rate = sum(late.values()) / sum(flown.values())
    return [(late[hour] + m * rate) / (flown[hour] + m) if hour in flown else rate for hour in flights["hour"]]
