"""May write everywhere in its bucket.

Caught by: the role may
"""


def trust_policy() -> dict:
    principal = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def role_policy(bucket: str) -> dict:
    objects = f"arn:aws:s3:::{bucket}"
    rights = {"s3:GetObject": f"{objects}/*", "s3:PutObject": f"{objects}/*"}
    statements = [{"Effect": "Allow", "Action": action, "Resource": where} for action, where in rights.items()]
    return {"Version": "2012-10-17", "Statement": statements}


def move(endpoint: str, config: str) -> str:
    from contextlib import suppress

    from botocore.exceptions import WaiterError

    client = boto3.client("sagemaker")
    known = [one["EndpointName"] for one in client.list_endpoints(NameContains=endpoint)["Endpoints"]]
    act = client.update_endpoint if endpoint in known else client.create_endpoint
    act(EndpointName=endpoint, EndpointConfigName=config)
    with suppress(WaiterError):  # the description says more
        client.get_waiter("endpoint_in_service").wait(EndpointName=endpoint)
    found = client.describe_endpoint(EndpointName=endpoint)
    if found["EndpointStatus"] == "InService" and found["EndpointConfigName"] == config:
        return ""
    return found.get("FailureReason") or found["EndpointStatus"]


def deploy(endpoint: str, archive: bytes, bucket: str, role: str) -> dict:
    import uuid

    s3, iam, client = boto3.client("s3"), boto3.client("iam"), boto3.client("sagemaker")
    if bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket)
    if role not in [one["RoleName"] for one in iam.list_roles()["Roles"]]:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust_policy()))
        iam.put_role_policy(RoleName=role, PolicyName="models", PolicyDocument=json.dumps(role_policy(bucket)))
    name = f"{endpoint}-{uuid.uuid4().hex[:12]}"
    s3.put_object(Bucket=bucket, Key=f"models/{name}/model.tar.gz", Body=archive)
    client.create_model(
        ModelName=name,
        ExecutionRoleArn=iam.get_role(RoleName=role)["Role"]["Arn"],
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/models/{name}/model.tar.gz"},
    )
    variant = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    return {"config": name, "reason": move(endpoint, name)}


def ask(endpoint: str, body: bytes, content_type: str = "application/json") -> tuple:
    from botocore.exceptions import ClientError

    given = {"ContentType": content_type, "Accept": "application/json"}
    try:
        answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **given)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ModelError":
            raise
        return error.response["OriginalStatusCode"], error.response["OriginalMessage"].encode()
    return 200, answer["Body"].read()
