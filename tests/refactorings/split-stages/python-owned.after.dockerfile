FROM python:3.14 AS build
# Whom the server runs as.
RUN adduser --disabled-password web
RUN mkdir /var/log/shop && chown web:web /var/log/shop
WORKDIR /home/web
USER web

COPY --chown=web:web requirements.txt .

USER root
RUN python -m venv /opt/venv && chown -R web /opt/venv
USER web
ENV PATH=/opt/venv/bin:$PATH
# What it needs.
RUN pip install --no-cache-dir -r requirements.txt

FROM python:3.14-slim
WORKDIR /home/web
# Check: packages that were compiled may need libraries which this image lacks
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN groupadd --system web && useradd --system --gid web --create-home web
RUN mkdir /var/log/shop && chown web:web /var/log/shop
COPY --chown=web:web . .
USER web
CMD ["gunicorn", "shop.wsgi"]
