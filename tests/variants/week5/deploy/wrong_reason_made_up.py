"""move gives a sentence of its own.

Clause: "otherwise the reason that SageMaker gives why it does not"

Caught by: a version that does not start is reported without SageMaker's reason
"""

import uuid

from botocore.exceptions import ClientError, WaiterError


def trust_policy() -> dict:
    service = {"Service": "sagemaker.amazonaws.com"}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}],
    }


def role_policy(bucket: str) -> dict:
    objects = f"arn:aws:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{objects}/*"},
            {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{objects}/captured/*"},
        ],
    }


def move(endpoint: str, config: str) -> str:
    client = boto3.client("sagemaker")
    patience = {"Delay": 1, "MaxAttempts": 3600}

    def settle():
        try:
            client.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig=patience)
        except WaiterError:
            pass
        return client.describe_endpoint(EndpointName=endpoint)

    try:
        state = client.describe_endpoint(EndpointName=endpoint)
    except ClientError:
        state = None
    if state and state["EndpointStatus"] not in ("InService", "Failed"):
        state = settle()
    if state and state["EndpointStatus"] == "Failed":  # it answers nothing, and can only be deleted
        client.delete_endpoint(EndpointName=endpoint)
        client.get_waiter("endpoint_deleted").wait(EndpointName=endpoint, WaiterConfig=patience)
        state = None
    if state is None:
        client.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    elif state["EndpointConfigName"] == config:
        return ""
    else:
        client.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    state = settle()
    if state["EndpointStatus"] == "InService" and state["EndpointConfigName"] == config:
        return ""
    return f"{endpoint} does not serve {config}"


def deploy(endpoint: str, archive: bytes, bucket: str, role: str) -> dict:
    s3, iam, client = (boto3.client(name) for name in ("s3", "iam", "sagemaker"))
    name = f"{endpoint[:40]}-{uuid.uuid4().hex[:12]}"
    if bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        region = s3.meta.region_name
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
    try:
        arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    except iam.exceptions.NoSuchEntityException:
        arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust_policy()))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName=f"serve-{bucket}", PolicyDocument=json.dumps(role_policy(bucket)))
    key = f"models/{name}/model.tar.gz"
    s3.put_object(Bucket=bucket, Key=key, Body=archive)
    client.create_model(
        ModelName=name,
        ExecutionRoleArn=arn,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/{key}"},
    )
    variant = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    return {"config": name, "reason": move(endpoint, name)}


def ask(endpoint: str, body: bytes, content_type: str = "application/json") -> tuple:
    try:
        answer = runtime.invoke_endpoint(
            EndpointName=endpoint, Body=body, ContentType=content_type, Accept="application/json"
        )
    except runtime.exceptions.ModelError as error:
        return error.response["OriginalStatusCode"], error.response["OriginalMessage"].encode()
    return 200, answer["Body"].read()
