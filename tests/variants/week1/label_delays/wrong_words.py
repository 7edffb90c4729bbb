"""Writes the outcomes as a person would, not as the docstring does.

Caught by: outcomes that the desk does not know
"""

def label_delays(flights):
    outcome = flights["arr_delay"].map(lambda delay: "Late" if delay >= 15 else "On time")
    outcome = outcome.mask(flights["arr_delay"].isna(), "Diverted")
    return outcome.mask(flights["dep_time"].isna(), "Cancelled")
