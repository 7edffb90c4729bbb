"""Every trial first, then the winner's run again; the model is registered by its address and asked as a server would."""

def register_champion(folder, trials, X, y, seed):
    import mlflow
    import tempfile

    registry.connect(folder)
    runs = []
    for trial in trials:
        with mlflow.start_run() as run:
            mlflow.log_params(trial["settings"])
            for step, loss in enumerate(trial["fold_log_loss"]):
                mlflow.log_metrics({"log_loss": loss}, step=step)
            mlflow.log_metrics({"mean_log_loss": float(np.mean(trial["fold_log_loss"]))})
        runs.append((np.mean(trial["fold_log_loss"]), run.info.run_id, trial))
    _, run_id, best = min(runs, key=lambda entry: entry[0])

    with mlflow.start_run(run_id=run_id):
        with tempfile.TemporaryDirectory() as place:
            plt.figure()
            plt.bar(range(len(best["fold_log_loss"])), best["fold_log_loss"])
            plt.savefig(f"{place}/folds.png")
            plt.close()
            mlflow.log_artifact(f"{place}/folds.png")
        model = models.pipeline("lightgbm", seed, **best["settings"])
        model.fit(X, y)
        info = mlflow.sklearn.log_model(
            model, name="champion", signature=mlflow.models.infer_signature(X, model.predict_proba(X)), input_example=X.iloc[:1],
            pip_requirements=registry.requirements(), serialization_format="cloudpickle", pyfunc_predict_fn="predict_proba",
        )
    registered = mlflow.register_model(info.model_uri, registry.MODEL)
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, registered.version)
    return int(registered.version)


def champion_scores(folder, X):
    import mlflow

    registry.connect(folder)
    served = mlflow.pyfunc.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    return served.predict(X)[:, 1]
