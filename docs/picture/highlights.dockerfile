# syntax=docker/dockerfile:1
ARG REGISTRY=ghcr.io TAG
FROM --platform=$BUILDPLATFORM docker.io/library/node:22-slim@sha256:0f1e AS build
ENV NODE_ENV=production PATH="/app/bin:${PATH:-/usr/bin}"
WORKDIR /app
COPY --chown=node:node package.json *.lock ./
RUN --mount=type=cache,target=/root/.npm \
    # a comment inside a continued line
    npm ci --omit=dev && \
    rm -rf "$HOME/.cache"
RUN <<EOF
set -eu
for user in app "$USER"; do id "$user" || useradd "$user"; done
EOF
COPY <<settings.json /etc/app/
{"port": 8080}
settings.json

FROM ${REGISTRY}/team/app:$TAG
COPY --from=build /app /app
LABEL org.opencontainers.image.title='the app'
EXPOSE 8080/tcp 9000-9010
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8080 || exit 1
USER app:app
ENTRYPOINT ["node", "server.js", "--name=\u0041\n"]
