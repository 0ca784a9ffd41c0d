FROM rust:1.91-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo install --path . --locked

FROM gcr.io/distroless/static-debian13:nonroot
WORKDIR /src
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /usr/local/cargo/bin/orders /usr/local/bin/orders
ENTRYPOINT ["orders"]
