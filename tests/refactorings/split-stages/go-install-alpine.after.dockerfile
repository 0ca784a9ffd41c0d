FROM golang:1.26-alpine3.22 AS build
COPY . /src
RUN cd /src && go install ./cmd/orders

FROM gcr.io/distroless/static-debian13:nonroot
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /go/bin/orders /usr/local/bin/orders
# Check: this image has no shell and no tools; let the program test itself
HEALTHCHECK CMD wget -q -O- http://localhost:8080/ || exit 1
CMD ["orders"]
