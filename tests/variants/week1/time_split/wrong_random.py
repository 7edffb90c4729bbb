"""A random split, as in every introduction.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    from sklearn.model_selection import train_test_split

    train, rest = train_test_split(flights, test_size=0.5, random_state=0)
    valid, test = train_test_split(rest, test_size=0.6, random_state=0)
    return train, valid, test
