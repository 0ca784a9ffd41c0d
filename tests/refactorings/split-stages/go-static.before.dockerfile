# syntax=docker/dockerfile:1
ARG GO_VERSION=1.26
FROM golang:${GO_VERSION}
LABEL org.opencontainers.image.title="orders"
WORKDIR /src

# Modules first: they change less often than the sources.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ENV CGO_ENABLED=0 PORT=8080
RUN go build -trimpath -o /usr/local/bin/orders ./cmd/orders

# What others may call.
EXPOSE 8080
ENTRYPOINT ["orders"]
CMD ["--verbose"]
