FROM golang:1.26 AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o bin/ ./... && mv bin/orders /orders
WORKDIR /
COPY config.yaml /etc/orders/config.yaml
USER 10001
CMD ["/orders", "--config", "/etc/orders/config.yaml"]
