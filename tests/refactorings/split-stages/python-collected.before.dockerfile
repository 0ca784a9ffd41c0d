FROM python:3.14-bookworm
WORKDIR /srv
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libpq-dev \
 && rm -rf /var/lib/apt/lists/*
COPY . .
RUN pip install --no-cache-dir .
RUN python manage.py collectstatic --no-input
RUN groupadd -r web && useradd -r -g web web
USER web
CMD python manage.py serve
