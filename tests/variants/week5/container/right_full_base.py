"""A full Python image: it has libgomp, curl and wget."""


def image_files():
    dockerfile = """\
FROM python:3.11.9-bookworm

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin server
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py .
COPY model/ /opt/ml/model/

ENV SM_MODEL_DIR=/opt/ml/model PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \\
    CMD curl -fsS http://localhost:8080/ping > /dev/null || exit 1
CMD ["python", "server.py"]
"""
    return {"Dockerfile": dockerfile, ".dockerignore": '*\n!requirements.txt\n!server.py\n!model\n**/__pycache__\n'}
