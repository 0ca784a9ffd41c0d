FROM --platform=linux/amd64 golang:1.26 AS app
ARG VERSION=dev
ENV GOPATH=/go
ENV PATH=$GOPATH/bin:$PATH
LABEL version=$VERSION
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -ldflags "-X main.v=$VERSION" -o /app .
VOLUME /data
HEALTHCHECK CMD ["/app", "-check"]
ENTRYPOINT ["/app"]
CMD ["serve"]
# the end
