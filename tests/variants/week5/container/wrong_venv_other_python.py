"""Makes the environment with one Python, and starts it with another.

Caught by: the packages are of another Python
"""


def image_files():
    dockerfile = """\
FROM python:3.12.4-slim-bookworm AS build
COPY requirements.txt /tmp/
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r /tmp/requirements.txt

FROM python:3.11.9-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv
COPY server.py .
COPY model/ /opt/ml/model/
ENV PATH=/opt/venv/bin:$PATH SM_MODEL_DIR=/opt/ml/model
USER 10001
HEALTHCHECK CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
CMD ["python", "server.py"]
"""
    return {"Dockerfile": dockerfile, ".dockerignore": '*\n!requirements.txt\n!server.py\n!model\n**/__pycache__\n'}
