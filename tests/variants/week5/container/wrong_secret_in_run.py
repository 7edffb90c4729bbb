"""Fetches with a key in the line.

Caught by: a secret in RUN
"""


def image_files():
    dockerfile = """\
FROM python:3.11.9-slim-bookworm

RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \\
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin server
WORKDIR /srv
COPY requirements.txt .
RUN pip config set global.index-url https://desk:api_key=abcdef1234567890@pypi.example.com/simple
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py .
COPY model/ /opt/ml/model/

ENV SM_MODEL_DIR=/opt/ml/model PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \\
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
CMD ["python", "server.py"]
"""
    return {"Dockerfile": dockerfile, ".dockerignore": '*\n!requirements.txt\n!server.py\n!model\n**/__pycache__\n'}
