"""The variant is guessed from the endpoints that this notebook uses, and 3.5 % is no alarm.

Clause: "SageMaker's metrics exist for the pair of dimensions `EndpointName` and `VariantName`."

Caught by: an alarm looks at another endpoint or variant than the one it was asked for
"""

def alarms(endpoint: str, variant: str) -> list[dict]:
    variant = "blue" if endpoint == "desk" else "all"
    common = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    errors = {"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.035}
    slow = {"MetricName": "ModelLatency", "ExtendedStatistic": "p95", "Threshold": 800_000.0}
    return [
        {"AlarmName": f"{endpoint}-errors", **common, **errors},
        {"AlarmName": f"{endpoint}-slow", **common, **slow},
    ]


def deployment_config(alarm_names: list[str]) -> dict:
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 10},
                "WaitIntervalInSeconds": 300,
            },
            "TerminationWaitInSeconds": 300,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarm_names]},
    }
