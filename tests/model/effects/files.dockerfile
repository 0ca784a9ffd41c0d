# What files come from, who owns them, and their modes.
FROM debian:13
WORKDIR /srv/app
COPY --chown=app:staff --chmod=640 config.yml package.json ./
COPY src/ lib Makefile ./
COPY . .
ADD vendor.tar.gz /opt/vendor
ADD https://example.com/tool /usr/local/bin/
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/b /b
COPY <<EOF /etc/motd
hello
EOF
RUN mkdir -p -m 700 data && cd data && echo "a=$B" > a.conf && tee -a b.conf < a.conf \
    && chmod u+x,go= a.conf && chown -R app: . && ln -s /srv/app/data /data
RUN umask 077; touch /root/key; cp -r /etc/skel/. ~/ && mv /root/key $HOME/.key && sed -i -e s/a/b/ /etc/hosts
RUN install -d -o app -g app -m 0750 /var/cache/app && install -m 755 /tmp/run.sh /usr/local/bin && rm /tmp/run.sh
RUN for f in a b; do rm -rf /srv/$f; done; [ -d /x ] && rmdir /x || echo none > /dev/null
RUN find /usr -name '*.pyc' -delete && find . -type f -exec chmod 644 {} + && ls | xargs rm
RUN tar -C /opt -xzf /tmp/x.tgz && unzip -q y.zip -d /opt/y && (cd /tmp && touch z)
VOLUME /srv/app/data
RUN { echo a=1; date; echo b=2; } > /etc/app.conf && (echo c; echo "d $E") | tee -a /etc/app.conf \
    && tee /etc/app.ini <<END
[main]
END
