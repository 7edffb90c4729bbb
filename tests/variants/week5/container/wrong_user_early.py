"""Installs as a user who may not.

Caught by: apt-get runs as a user who may not install
"""


def image_files():
    dockerfile = """\
FROM python:3.11.9-slim-bookworm

USER 10001
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \\
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin server
WORKDIR /srv
COPY requirements.txt .
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
