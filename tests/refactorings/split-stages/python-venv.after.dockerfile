FROM python:3.14-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential
RUN python3 -m venv /venv
ENV PATH="/venv/bin:$PATH"
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt

FROM python:3.14-slim
ENV PATH="/venv/bin:$PATH"
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY app ./app
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --create-home app
USER 10001:10001
CMD ["uvicorn", "app.main:app"]
