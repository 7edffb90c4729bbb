"""Its own polling instead of waiters, resources and paginators, and a name from the clock."""

import time

from botocore.exceptions import ClientError


def _policy(*statements):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}


def trust_policy() -> dict:
    return _policy({"Principal": {"Service": ["sagemaker.amazonaws.com"]}, "Action": ["sts:AssumeRole"]})


def role_policy(bucket: str) -> dict:
    return _policy(
        {"Action": ["s3:GetObject"], "Resource": [f"arn:aws:s3:::{bucket}/*"]},
        {"Action": ["s3:PutObject"], "Resource": [f"arn:aws:s3:::{bucket}/captured/*"]},
    )


def _state(endpoint):
    """What the endpoint is when nothing is under way any more; None if there is none."""
    client = boto3.client("sagemaker")
    while True:
        try:
            now = client.describe_endpoint(EndpointName=endpoint)
        except ClientError as error:
            if "could not find" in str(error).lower() or "not exist" in str(error).lower():
                return None
            raise
        if now["EndpointStatus"].endswith("Service") or now["EndpointStatus"].endswith("ailed"):
            return now
        time.sleep(1)


def move(endpoint: str, config: str) -> str:
    client = boto3.client("sagemaker")
    names = {"EndpointName": endpoint, "EndpointConfigName": config}
    known = any(one["EndpointName"] == endpoint
                for page in client.get_paginator("list_endpoints").paginate() for one in page["Endpoints"])
    before = _state(endpoint) if known else None
    if before and before["EndpointStatus"] == "Failed":
        client.delete_endpoint(EndpointName=endpoint)
        before = _state(endpoint)
    if before is None:
        client.create_endpoint(**names)
    elif before["EndpointConfigName"] != config:
        client.update_endpoint(**names)
    after = _state(endpoint)
    if (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", config):
        return ""
    return after.get("FailureReason", "no reason given")


def deploy(endpoint: str, archive: bytes, bucket: str, role: str) -> dict:
    store, iam, client = boto3.resource("s3"), boto3.client("iam"), boto3.client("sagemaker")
    name = f"{endpoint[:40]}-{time.time_ns()}"
    if bucket not in {one.name for one in store.buckets.all()}:
        region = store.meta.client.meta.region_name
        if region == "us-east-1":
            store.create_bucket(Bucket=bucket)
        else:
            store.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    roles = {one["RoleName"]: one["Arn"] for page in iam.get_paginator("list_roles").paginate() for one in page["Roles"]}
    if role not in roles:
        made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust_policy()))
        roles[role] = made["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName=f"of-{bucket}", PolicyDocument=json.dumps(role_policy(bucket)))
    store.Object(bucket, f"{name}/model.tar.gz").put(Body=archive)
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/{name}/model.tar.gz"}
    client.create_model(ModelName=name, ExecutionRoleArn=roles[role], PrimaryContainer=container)
    client.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            dict(VariantName="all", ModelName=name, InitialInstanceCount=1, InstanceType="ml.m5.xlarge",
                 InitialVariantWeight=1.0)
        ],
    )
    return dict(config=name, reason=move(endpoint, name))


def ask(endpoint: str, body: bytes, content_type: str = "application/json") -> tuple:
    request = dict(EndpointName=endpoint, Body=body, ContentType=content_type, Accept="application/json")
    try:
        return 200, runtime.invoke_endpoint(**request)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] != "ModelError":
            raise
        return int(error.response["OriginalStatusCode"]), error.response["OriginalMessage"].encode("utf-8")
