"""The old servers are ended a minute after the last step.

Clause: "the old servers kept for another 5 after the last step"

Caught by: the old servers are stopped less than 5 minutes after the last step
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
    errors = {"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.03}
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
            "TerminationWaitInSeconds": 60,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarm_names]},
    }
