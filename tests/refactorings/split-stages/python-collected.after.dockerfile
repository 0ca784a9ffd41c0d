FROM python:3.14-bookworm AS build
WORKDIR /srv
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libpq-dev \
 && rm -rf /var/lib/apt/lists/*
COPY . .
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install --no-cache-dir .
RUN python manage.py collectstatic --no-input

FROM python:3.14-slim-bookworm
WORKDIR /srv
# Check: packages that were compiled may need libraries which this image lacks
# Check: the build installs libpq-dev; the program may need some of it, or its libraries, here
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
ENV PATH=/opt/venv/bin:$PATH
RUN groupadd -r web && useradd -r -g web web
USER web
CMD python manage.py serve
