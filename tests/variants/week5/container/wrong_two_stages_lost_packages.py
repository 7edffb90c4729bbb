"""Installs in the first stage, and leaves it behind.

Caught by: the packages are installed in a stage that is left behind
"""

def image_files() -> dict[str, str]:
    """Give the texts of "Dockerfile" and ".dockerignore"."""
    dockerfile = """\
# two
FROM python:3.11.9-slim-bookworm AS build
WORKDIR /build
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py ./
COPY model/ /opt/ml/model/

FROM python:3.11.9-slim-bookworm
WORKDIR /srv
COPY server.py .
COPY model/ /opt/ml/model/

ENV SM_MODEL_DIR=/opt/ml/model PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \\
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
CMD ["python", "server.py"]
"""
    dockerignore = """\
*
!requirements.txt
!server.py
!model
**/__pycache__
"""
    return {"Dockerfile": dockerfile, ".dockerignore": dockerignore}
