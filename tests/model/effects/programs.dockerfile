FROM debian:13
WORKDIR /build
COPY install.sh .
RUN ./install.sh && sh ./install.sh && /usr/bin/make -j2
RUN ["/bin/tool", "--fast"]
RUN python3 -c 'print(1)' && python3 setup.py install
RUN make && unknown-command /etc/passwd
SHELL ["powershell", "-Command"]
RUN Remove-Item C:\x
ENTRYPOINT exec /usr/bin/server --port 80
CMD ["--verbose"]
HEALTHCHECK NONE
