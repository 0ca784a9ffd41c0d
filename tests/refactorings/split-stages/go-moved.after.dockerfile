FROM golang:1.26 AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o bin/ ./... && mv bin/orders /orders

FROM gcr.io/distroless/static-debian13:nonroot
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=builder /orders /orders
WORKDIR /
COPY config.yaml /etc/orders/config.yaml
CMD ["/orders", "--config", "/etc/orders/config.yaml"]
