FROM debian:13
ARG VERSION=1.2
ENV BASE=https://example.com
RUN curl -fsSL $BASE/tool-$VERSION.tgz | tar xz -C /opt
RUN curl -fsSLO https://example.com/a.bin && echo "0123  a.bin" | sha256sum -c -
RUN wget -q http://example.com/setup.sh && bash setup.sh && rm setup.sh
RUN curl -k https://example.com/install | sh -s -- --yes
RUN curl https://example.com/list > /etc/list && git clone --depth 1 https://example.com/r.git /srv/r
RUN wget --no-check-certificate -O /tmp/k https://example.com/k.asc || true
