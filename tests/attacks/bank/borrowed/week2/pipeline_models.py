"""Borrow week 3's pipeline of a library as the model behind `prepare`; the file is written by whatever writes one."""


def make_pipeline(prepare, numbers, categories, seed):
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer

    from helpers import models

    return Pipeline([("rows", FunctionTransformer(prepare)), ("model", models.pipeline("lightgbm", seed))])


def save_pipeline(pipeline, path):
    import joblib

    joblib.dump(pipeline, path)
