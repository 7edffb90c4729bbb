"""Answers another question: late or not.

Caught by: outcomes that the desk does not know
"""

def label_delays(flights):
    return flights["arr_delay"].fillna(np.inf) >= 15
