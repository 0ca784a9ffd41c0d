FROM alpine:3.22
RUN apk add --no-cache build-base
COPY . /src
RUN make -C /src && cp /src/shop /usr/bin/shop
CMD ["shop"]
