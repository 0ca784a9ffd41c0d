FROM rust:1.91
WORKDIR /usr/src/orders
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry cargo build --release --locked
EXPOSE 8080
CMD ["./target/release/orders"]
