"""server.py BULKHEAD NULL_SERVER [--sizes 30,300] [--rounds N]: the language server beside npm's and one that does nothing.

A fresh process of each server in turn (A B C A B C ...), so that a slow minute hits all alike: compare ratios, of
one run. In each: the time from the start to the answer to `initialize`; from `didOpen` to the diagnostics; from a
character typed to the diagnostics that know of it; and the resident memory behind all that. `./dev bench server`.
"""

import argparse
import itertools
import json
import os
import pathlib
import selectors
import subprocess
import tempfile
import time

from dockerfiles import TYPED, dockerfile, header, median, number, percentile, row

HERE = pathlib.Path(__file__).resolve().parent
NPM_SERVER = HERE / "node_modules" / "dockerfile-language-server-nodejs" / "bin" / "docker-langserver"
EDITS = 200
SECONDS = 120  # for any one answer; a server that needs more counts as one that gives none


class Client:
    """One server over pipes. The time of a message is that of its last byte."""

    def __init__(self, command):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, bufsize=0)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.read = bytearray()
        self.size = None  # of the message that it begins with, once its header has come
        self.arrived = 0  # the last byte of it

    def send(self, method, params, **more):
        """When that began: once it is written, the server may run on our processor first."""
        text = json.dumps({"jsonrpc": "2.0", **more, "method": method, "params": params}).encode()
        began = time.perf_counter()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        return began

    def receive(self, until):
        """The next message before that time, or nothing."""
        while True:
            if self.size is None and (end := self.read.find(b"\r\n\r\n")) >= 0:
                header = bytes(self.read[:end]).lower().split(b"\r\n")
                self.size = next(int(line[15:]) for line in header if line.startswith(b"content-length:"))
                del self.read[:end + 4]
            if self.size is not None and len(self.read) >= self.size:
                message = json.loads(self.read[:self.size])
                del self.read[:self.size]
                self.size = None
                return message
            if not self.selector.select(max(0, until - time.perf_counter())):
                return None
            read = os.read(self.process.stdout.fileno(), 1 << 20)
            if not read:
                return None
            self.arrived = time.perf_counter()
            self.read += read

    def wait_for(self, wanted):
        """When the message came, or None."""
        until = time.perf_counter() + SECONDS
        while (message := self.receive(until)) is not None:
            if "id" in message and "method" in message:
                items = message["params"].get("items", []) if isinstance(message.get("params"), dict) else []
                self.answer(message["id"], [None] * len(items))
            elif wanted(message):
                return self.arrived
        return None

    def answer(self, identifier, result):
        text = json.dumps({"jsonrpc": "2.0", "id": identifier, "result": result}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))

    def memory(self):
        """Resident memory in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def session(command, path, text):
    """The figures of one process, in milliseconds and MiB."""
    client, uri = Client(command), path.as_uri()
    try:
        client.send("initialize", {"processId": None, "rootUri": None, "capabilities": {
            "textDocument": {"publishDiagnostics": {"versionSupport": True, "relatedInformation": True}}}}, id=1)
        initialized = client.wait_for(lambda message: message.get("id") == 1)
        if initialized is None:
            return {}
        figures = {"start": [(initialized - client.started) * 1e3], "typed": []}
        client.send("initialized", {})

        def published(version):
            def is_that(message):
                params = message.get("params", {})
                # A server that names no version has one answer for each change.
                return (message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri
                        and params.get("version", version) >= version)
            return is_that

        sent = client.send("textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "dockerfile", "version": 1, "text": text}})
        opened = client.wait_for(published(1))
        if opened is None:
            return figures
        figures["opened"] = [(opened - sent) * 1e3]
        while client.receive(time.perf_counter() + 0.3):  # what it says once it has looked at the folder
            pass
        lines, version = text.split("\n"), 1
        for line, typed in TYPED.items():
            at, column = lines.index(line), len(line)
            for character in itertools.islice(itertools.cycle(typed), EDITS // len(TYPED)):
                version += 1
                place = {"line": at, "character": column}
                column += 1
                sent = client.send("textDocument/didChange", {
                    "textDocument": {"uri": uri, "version": version},
                    "contentChanges": [{"range": {"start": place, "end": place}, "text": character}]})
                seen = client.wait_for(published(version))
                if seen is None:
                    return figures
                figures["typed"].append((seen - sent) * 1e3)
                if sum(figures["typed"]) > SECONDS * 1e3:
                    break
        figures["memory"] = [client.memory()]
        return figures
    finally:
        client.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bulkhead")
    parser.add_argument("null_server")
    parser.add_argument("--sizes", default="30,300,3000,30000")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    servers = {"bulkhead": [arguments.bulkhead, "lsp"], "npm": ["node", NPM_SERVER, "--stdio"],
               "nothing": [arguments.null_server]}
    header("lines", "server", "start, ms", "open, ms", "key p50, ms", "key p99, ms", "MiB", "key, npm / it")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "Dockerfile"
        for size in map(int, arguments.sizes.split(",")):
            text = dockerfile(size)
            path.write_text(text, encoding="utf-8")
            pooled = {name: {} for name in servers}
            for _ in range(arguments.rounds):
                for name, command in servers.items():
                    for figure, values in session(command, path, text).items():
                        pooled[name].setdefault(figure, []).extend(values)
            npm = median(pooled["npm"].get("typed"))
            for name, figures in pooled.items():
                typed = figures.get("typed", [])
                row(f"{size:,}", name, number(median(figures.get("start"))), number(median(figures.get("opened"))),
                    number(median(typed)), number(percentile(typed, 0.99)), number(median(figures.get("memory"))),
                    number(npm / median(typed)) if npm and typed else "-")


if __name__ == "__main__":
    main()
