"""More than three errors a minute, however many requests there are.

Clause: "A *number* of errors (`Sum`) means one thing at noon and another at night; their *share* is the `Average` of `Invocation5XXErrors`"

Caught by: the alarm `errors` stays silent though the promise is broken
"""

def alarms(endpoint: str, variant: str) -> list[dict]:
    common = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    errors = {"MetricName": "Invocation5XXErrors", "Statistic": "Sum", "Threshold": 3.0}
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
