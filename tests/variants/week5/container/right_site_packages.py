"""Copies the packages alone, from one Python to the same one."""


def image_files():
    dockerfile = """\
FROM python:3.11.9-slim-bookworm AS build
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir -r /tmp/requirements.txt

FROM python:3.11.9-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages
WORKDIR /srv
COPY server.py .
COPY model/ /opt/ml/model/
ENV SM_MODEL_DIR=/opt/ml/model
USER 10001
HEALTHCHECK CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
CMD ["python", "server.py"]
"""
    return {"Dockerfile": dockerfile, ".dockerignore": '*\n!requirements.txt\n!server.py\n!model\n**/__pycache__\n'}
