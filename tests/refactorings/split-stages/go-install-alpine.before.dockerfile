FROM golang:1.26-alpine3.22
COPY . /src
RUN cd /src && go install ./cmd/orders
HEALTHCHECK CMD wget -q -O- http://localhost:8080/ || exit 1
CMD ["orders"]
