"""A shell that fills in a variable and is then replaced, and a health check that looks the port up."""

def image_files():
    dockerfile = """\
FROM python:3.11.9-slim-bookworm
ARG HOME_OF_APP=/app
ENV APP=${HOME_OF_APP:-/srv} PORT=8080
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
WORKDIR $APP
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
ENV SM_MODEL_DIR=$APP/model
USER 10001:10001
HEALTHCHECK CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://localhost:' + os.environ['PORT'] + '/ping')"]
ENTRYPOINT ["sh", "-c", "exec python $APP/server.py"]
"""
    return {"Dockerfile": dockerfile, ".dockerignore": "*\n!requirements.txt\n!server.py\n!model\n**/__pycache__\n"}
