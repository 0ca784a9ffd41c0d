from golang:1.26-bookworm as orders
workdir /go/src/orders
copy . .
run apt-get update && apt-get install -y --no-install-recommends libsqlite3-dev=3.40.1-2 \
 && rm -rf /var/lib/apt/lists/*
run go build -o orders .
run useradd --system orders
user orders
expose 8080
cmd ./orders --port 8080
