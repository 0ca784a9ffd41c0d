FROM python:3.14 AS build
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
# What it needs changes less often than the program.
COPY requirements.txt .
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install --no-cache-dir -r requirements.txt

FROM python:3.14-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
# Check: packages that were compiled may need libraries which this image lacks
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY . .
EXPOSE 8000
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --create-home app
USER 10001:10001
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi"]
