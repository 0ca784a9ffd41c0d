FROM debian:13
WORKDIR /srv
RUN (cd /opt && touch a) && touch b; cd /etc; touch c
RUN cd /usr && cd src && mkdir x; if [ -d y ]; then cd y; fi; touch z
RUN DIR=/data; mkdir -p $DIR/logs && cd "$DIR" && umask 027 && echo x > y && sh -c 'touch inner'
RUN --mount=type=cache,target=/var/cache/apt rm -rf /var/cache/apt/archives && su app -c 'touch ~/f'
WORKDIR sub/../app
COPY a.txt .
