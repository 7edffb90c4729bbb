"""Uses in a stage what was given above FROM, where only FROM knows it.

Caught by: the server is not where CMD looks for it
"""

def image_files() -> dict[str, str]:
    """Give the texts of "Dockerfile" and ".dockerignore"."""
    dockerfile = """\
ARG APP=/srv
FROM python:3.11.9-slim-bookworm

RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \\
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin server
WORKDIR $APP
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py .
COPY model/ /opt/ml/model/

ENV SM_MODEL_DIR=/opt/ml/model PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \\
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
CMD ["python", "/srv/server.py"]
"""
    dockerignore = """\
*
!requirements.txt
!server.py
!model
**/__pycache__
"""
    return {"Dockerfile": dockerfile, ".dockerignore": dockerignore}
