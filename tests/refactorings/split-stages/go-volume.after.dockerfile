FROM --platform=linux/amd64 golang:1.26 AS build
ARG VERSION=dev
ENV GOPATH=/go
ENV PATH=$GOPATH/bin:$PATH
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -ldflags "-X main.v=$VERSION" -o /app .
RUN mkdir -p /data

FROM --platform=linux/amd64 gcr.io/distroless/static-debian13:nonroot AS app
ARG VERSION=dev
WORKDIR /src
# Check: copy what else the program reads while it runs, such as templates and settings
COPY --from=build /app /app
COPY --from=build --chown=nonroot /data /data
LABEL version=$VERSION
VOLUME /data
HEALTHCHECK CMD ["/app", "-check"]
ENTRYPOINT ["/app"]
CMD ["serve"]
# the end
