FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends curl=8.1 git \
    && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir flask==3.0 requests; if [ -f r.txt ]; then pip install -r r.txt; fi
RUN echo "apt-get install -y not-this"
FROM alpine:3.22
RUN apk add --no-cache tini && apk del tini
