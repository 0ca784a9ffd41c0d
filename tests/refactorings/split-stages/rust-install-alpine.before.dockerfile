FROM rust:1.91-alpine
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo install --path . --locked
USER nobody
ENTRYPOINT ["orders"]
