FROM debian:trixie AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake g++ libssl-dev ninja-build \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -S . -B out -G Ninja && cmake --build out && cmake --install out

FROM debian:trixie-slim
WORKDIR /src
# Check: copy what else the program reads while it runs, such as templates and settings
# Check: the build installs libssl-dev; the program may need some of it, or its libraries, here
COPY --from=build /usr/local/bin/shop /usr/local/bin/shop
STOPSIGNAL SIGINT
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --create-home app
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/shop"]
