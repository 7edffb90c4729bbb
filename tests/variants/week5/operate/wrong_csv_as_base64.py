"""CSV is not named among the texts, and is stored as base64.

Clause: "requests and answers, all of them and readable (JSON and CSV), go to captured/ in it"

Caught by: the records are base64 and not text
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
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
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
            "TargetValue": per_minute,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        },
    }
    return [target, policy]
