from golang:1.26-bookworm as build
workdir /go/src/orders
copy . .
run apt-get update && apt-get install -y --no-install-recommends libsqlite3-dev=3.40.1-2 \
 && rm -rf /var/lib/apt/lists/*
run go build -o orders .

from gcr.io/distroless/base-debian13:nonroot as orders
workdir /go/src/orders
# Check: copy what else the program reads while it runs, such as templates and settings
# Check: the build installs libsqlite3-dev; the program may need some of it, or its libraries, here
copy --from=build /go/src/orders/orders /go/src/orders/orders
expose 8080
cmd ["./orders", "--port", "8080"]
