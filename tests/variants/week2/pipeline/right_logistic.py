"""Target encoding, imputation with indicators, scaling and a logistic regression; pickle for the file."""

import pickle


def make_pipeline(prepare, numbers, categories, seed):
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler, TargetEncoder

    filled = Pipeline([("fill", SimpleImputer(add_indicator=True)), ("scale", StandardScaler())])
    coded = Pipeline([("code", TargetEncoder(cv=KFold(5, shuffle=True, random_state=seed))), ("scale", StandardScaler())])
    columns = make_column_transformer((coded, categories), (filled, numbers))
    return Pipeline([("raw", FunctionTransformer(prepare)), ("columns", columns), ("model", LogisticRegression(max_iter=500))])


def save_pipeline(pipeline, path):
    with open(path, "wb") as file:
        pickle.dump(pipeline, file)
