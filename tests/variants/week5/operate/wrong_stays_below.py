"""The target is 70 % of what was asked for, to be on the safe side.

Clause: "per_minute : requests that one instance shall get in a minute"

Caught by: two and a half times the load of one instance does not bring three instances
"""

def endpoint_config(name: str, shares: dict[str, float], bucket: str) -> dict:
    variants = []
    for model, share in shares.items():
        variants.append(
            {
                "VariantName": model,
                "ModelName": model,
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": share,
            }
        )
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{bucket}/captured/",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]},
    }
    return {"EndpointConfigName": name, "ProductionVariants": variants, "DataCaptureConfig": capture}


def scaling(endpoint: str, variant: str, per_minute: float, least: int, most: int) -> list[dict]:
    what = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    target = {**what, "MinCapacity": least, "MaxCapacity": most}
    policy = {
        **what,
        "PolicyName": f"{endpoint}-{variant}-load",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 0.7 * per_minute,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        },
    }
    return [target, policy]
