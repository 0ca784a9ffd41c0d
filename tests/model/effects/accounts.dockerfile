FROM debian:13 AS base
RUN groupadd -r app && useradd -r -g app -u 10001 app && echo "app:secret" | chpasswd
RUN echo 'x:x:1001:1001::/home/x:/bin/sh' >> /etc/passwd
ONBUILD COPY . /app
ONBUILD USER app
FROM base
RUN touch made-by-app
RUN sudo touch /made-by-root && gosu nobody touch /tmp/n
ENTRYPOINT ["/app/start"]
CMD ["--help"]
HEALTHCHECK CMD curl -f http://localhost/ || exit 1
