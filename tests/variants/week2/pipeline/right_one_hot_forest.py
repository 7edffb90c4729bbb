"""One-hot with rare levels together, and a forest."""

def make_pipeline(prepare, numbers, categories, seed):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

    one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=20)
    encode_all = ColumnTransformer([("levels", one_hot, list(categories)), ("numbers", SimpleImputer(), list(numbers))])
    rows = FunctionTransformer(prepare, validate=False)
    return Pipeline([("rows", rows), ("encode", encode_all), ("model", RandomForestClassifier(60, min_samples_leaf=10, random_state=seed))])


def save_pipeline(pipeline, path):
    import joblib

    joblib.dump(pipeline, path, compress=3)
