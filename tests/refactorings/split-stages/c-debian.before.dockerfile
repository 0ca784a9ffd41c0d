FROM debian:trixie
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake g++ libssl-dev ninja-build \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -S . -B out -G Ninja && cmake --build out && cmake --install out
STOPSIGNAL SIGINT
ENTRYPOINT ["/usr/local/bin/shop"]
