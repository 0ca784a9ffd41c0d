FROM python:3.14
# Whom the server runs as.
RUN adduser --disabled-password web
RUN mkdir /var/log/shop && chown web:web /var/log/shop
WORKDIR /home/web
USER web

COPY --chown=web:web requirements.txt .

# What it needs.
RUN pip install --no-cache-dir -r requirements.txt
COPY --chown=web:web . .
CMD ["gunicorn", "shop.wsgi"]
