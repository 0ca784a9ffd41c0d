FROM alpine:3.22 AS build
RUN apk add --no-cache build-base
COPY . /src
RUN make -C /src && cp /src/shop /usr/bin/shop

FROM alpine:3.22
RUN apk add --no-cache libstdc++
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /usr/bin/shop /usr/bin/shop
RUN addgroup -g 10001 app && adduser -D -u 10001 -G app app
USER 10001:10001
CMD ["shop"]
