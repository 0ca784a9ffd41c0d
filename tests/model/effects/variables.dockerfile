# syntax=docker/dockerfile:1
ARG TAG=3
FROM alpine:$TAG
ARG TOKEN
ENV HOST=example.com URL=https://${HOST}/
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=key --mount=type=ssh \
    npm ci && curl -H "Authorization: $TOKEN" https://$HOST/ && echo $TOKEN > /etc/token
RUN LOCAL=1; echo $LOCAL $1 $?; FOO=$TOKEN make; [ -n "$TOKEN" ] && echo "$TOKEN" || true
COPY $HOST /etc/
