FROM rust:1.91 AS build
WORKDIR /usr/src/orders
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry cargo build --release --locked

FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /usr/src/orders
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /usr/src/orders/target/release/orders /usr/src/orders/target/release/orders
EXPOSE 8080
CMD ["./target/release/orders"]
