"""Dockerfiles of any length, the same for the same arguments, for what is measured; and what to make of figures."""

import random
import statistics

WORDS = ["auth", "billing", "cache", "gateway", "orders", "queue", "report", "search", "worker"]
PACKAGES = ["ca-certificates", "curl", "git", "gnupg", "jq", "libpq-dev", "libssl-dev", "make", "tini", "tzdata", "unzip"]
IMAGES = ["alpine:3.22", "debian:13", "golang:1.26", "node:24-slim", "python:3.14-slim", "rust:1.90", "ubuntu:24.04"]

# The lines that a benchmark types into, at the beginning of an instruction in the middle of the file.
TYPED = {"ENV TYPED=start": " LOG_FORMAT=json FEATURES=a,b,c CACHE_TTL=3600 REGION=eu-central-1 MODE=production",
         "RUN echo start": " && curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt && chmod 755 /opt/tool x"}


def dockerfile(lines, seed=1, heredocs=True):
    """About `lines` lines, at least 12. hadolint gives up on a file at some heredocs: leave them out beside it."""
    chance = random.Random(seed * 1_000_003 + lines)
    blocks, stages = [], 0

    def stage():
        nonlocal stages
        image = f"stage{chance.randrange(stages)}" if stages and chance.random() < 0.3 else chance.choice(IMAGES)
        stages += 1
        return ["", f"# ---- {chance.choice(WORDS)} ----", f"FROM {image} AS stage{stages - 1}"]

    def install():
        packages = chance.sample(PACKAGES, chance.randint(2, 6))
        return ["RUN apt-get update && apt-get install -y --no-install-recommends \\",
                *(f"    {package} \\" for package in packages), "  && rm -rf /var/lib/apt/lists/*"]

    def other():
        word, port = chance.choice(WORDS), chance.randint(1025, 9000)
        return chance.choice([
            [f"WORKDIR /srv/{word}"],
            [f"ENV {word.upper()}_HOME=/opt/{word} \\", f"    {word.upper()}_LEVEL=info PORT={port}"],
            [f"COPY --chown=app:app {word}/package.json {word}/package-lock.json ./"],
            [f"COPY --from=stage{chance.randrange(stages)} /out/{word} /usr/local/bin/{word}"] if stages > 1 else [],
            [f"EXPOSE {port}/tcp"],
            [f"LABEL org.example.{word}=\"value {port}\" org.example.team='{word}'"],
            [f"ARG {word.upper()}_REV=${{BASE_VERSION:-2.0}}"],
            [f"RUN --mount=type=cache,target=/root/.cache/{word} make -C {word} install PREFIX=/out"],
            [f"ADD https://example.com/{word}-${{BASE_VERSION}}.tar.gz /tmp/{word}.tar.gz"],
            [f"RUN groupadd -r {word} && useradd -r -g {word} {word}"],
            ["RUN <<END", "set -eu", f"mkdir -p /opt/{word}", f"echo {word} > /opt/{word}/name", "END"] if heredocs else [],
            [f"HEALTHCHECK --interval=30s CMD curl -f http://localhost:{port}/ || exit 1"],
            [f"RUN curl -fsSL https://example.com/install-{word}.sh | sh -s -- --version $BASE_VERSION"],
            [f"# a note on {word}"],
        ])

    head = ["# syntax=docker/dockerfile:1", "ARG BASE_VERSION=1.2.3"]
    tail = ["USER app", 'CMD ["/usr/local/bin/app", "--serve"]']
    blocks += [stage(), install()]
    size = len(head) + len(tail) + len(TYPED) + sum(map(len, blocks))
    while size < lines:
        draw = chance.random()
        block = stage() if draw < 0.04 else install() if draw < 0.16 else other()
        blocks.append(block[: 0 if size + len(block) > lines + 5 else None])
        size += max(1, len(blocks[-1]))
    blocks.insert(1 + len(blocks) // 2, list(TYPED))
    return "\n".join(head + sum(blocks, []) + tail) + "\n"


def median(values):
    return statistics.median(values) if values else None


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else None


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def header(*cells):
    row(*cells)
    row(*("---" for _ in cells))


def number(value):
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
