# syntax=docker/dockerfile:1
ARG GO_VERSION=1.26
FROM golang:${GO_VERSION} AS build
WORKDIR /src

# Modules first: they change less often than the sources.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ENV CGO_ENABLED=0 PORT=8080
RUN go build -trimpath -o /usr/local/bin/orders ./cmd/orders

FROM gcr.io/distroless/static-debian13:nonroot
ENV PORT=8080
WORKDIR /src
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /usr/local/bin/orders /usr/local/bin/orders
LABEL org.opencontainers.image.title="orders"

# What others may call.
EXPOSE 8080
ENTRYPOINT ["orders"]
CMD ["--verbose"]
