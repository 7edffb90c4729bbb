"""Nobody asks after the server's health.

Caught by: there is no HEALTHCHECK
"""

def image_files() -> dict[str, str]:
    """Give the texts of "Dockerfile" and ".dockerignore"."""
    dockerfile = """\
FROM python:3.11.9-slim-bookworm

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
