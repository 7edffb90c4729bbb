"""A policy of the kind that follows steps, with a target.

Caught by: two and a half times the load of one instance
"""


def endpoint_config(name: str, shares: dict[str, float], bucket: str) -> dict:
    variants = [
        {
            "VariantName": model,
            "ModelName": model,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": share,
        }
        for model, share in shares.items()
    ]
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{bucket}/captured/",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]},
    }
    return {"EndpointConfigName": name, "ProductionVariants": variants, "DataCaptureConfig": capture}


def scaling(endpoint: str, variant: str, per_minute: float, least: int, most: int) -> list[dict]:
    which = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    follow = {
        "TargetValue": per_minute,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 300,
    }
    policy = {"PolicyName": f"{endpoint}-load", "PolicyType": "StepScaling"}
    return [
        {**which, "MinCapacity": least, "MaxCapacity": most},
        {**which, **policy, "TargetTrackingScalingPolicyConfiguration": follow},
    ]
