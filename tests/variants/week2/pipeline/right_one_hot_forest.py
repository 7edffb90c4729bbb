"""One-hot with rare levels together, and a forest."""

def make_pipeline(numbers, categories, seed):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder

    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=20)
    prepare = ColumnTransformer([("levels", one_hot, list(categories)), ("numbers", SimpleImputer(), list(numbers))])
    return Pipeline([("prepare", prepare), ("model", RandomForestClassifier(60, min_samples_leaf=10, random_state=seed))])


def save_pipeline(pipeline, path):
    import joblib

    joblib.dump(pipeline, path, compress=3)


def load_pipeline(path):
    import joblib

    return joblib.load(path)
