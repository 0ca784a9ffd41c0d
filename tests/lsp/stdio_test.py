"""Starts the built server and talks to it over pipes, as an editor that misbehaves would.

    stdio_test.py PATH_OF_BULKHEAD
"""

import json
import os
import pathlib
import resource
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = [sys.argv.pop(1), "lsp", "--stdio"]
SECONDS = 600  # for anything at all: under ThreadSanitizer, beside other work, ten megabytes take minutes


def body(message):
    return json.dumps({"jsonrpc": "2.0", **message}).encode()


def frame(message):
    """`message` is a body, or the members of one."""
    text = message if isinstance(message, bytes) else body(message)
    return b"Content-Length: %d\r\n\r\n%s" % (len(text), text)


def cancel(number):
    return frame({"method": "$/cancelRequest", "params": {"id": number}})


def initialize(process=None):
    return frame({"id": 0, "method": "initialize", "params": {"processId": process, "capabilities": {}}})


def did_change(*changes, uri="untitled:a", version=2):
    document = {"uri": uri, "version": version}
    return frame({"method": "textDocument/didChange", "params": {"textDocument": document, "contentChanges": changes}})


def identified(method, uri="untitled:a", **members):
    return frame({"method": method, "params": {"textDocument": {"uri": uri}}, **members})


def did_open(text, uri="untitled:a"):
    item = {"uri": uri, "languageId": "dockerfile", "version": 1, "text": text}
    return frame({"method": "textDocument/didOpen", "params": {"textDocument": item}})


SHUTDOWN = frame({"id": "last", "method": "shutdown"})
EXIT = frame({"method": "exit"})


class Server:
    """The process, and a reader of what it says that never waits without end."""

    def __init__(self):
        self.process = subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, bufsize=0)
        self.bytes = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    def send(self, *messages):
        for message in messages:
            self.process.stdin.write(message)

    def read(self):
        """The next message; None at the end of the output."""
        while True:
            head, separator, rest = self.bytes.partition(b"\r\n\r\n")
            if separator:
                size = int(head.removeprefix(b"Content-Length: "))
                if len(rest) >= size:
                    self.bytes = rest[size:]
                    return json.loads(rest[:size].decode("utf-8"))
            with selectors.DefaultSelector() as selector:
                selector.register(self.process.stdout, selectors.EVENT_READ)
                if not selector.select(SECONDS):
                    raise AssertionError("the server is silent")
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            if not more:
                return None
            self.bytes += more

    def read_to_end(self):
        messages = []
        while (message := self.read()) is not None:
            messages.append(message)
        return messages

    def exit_code(self):
        return self.process.wait(SECONDS)

    def memory(self, kind="VmRSS"):
        """What it has in memory, or as `kind` says, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(f"{kind}:")[1].split()[0]) / 1024


def talk(*messages):
    """What the server answers to these and the end of its input, and its exit code."""
    with Server() as server:
        server.send(*messages)
        server.process.stdin.close()
        return server.read_to_end(), server.exit_code()


def codes(messages):
    return [(message.get("id"), message["error"]["code"]) for message in messages if "error" in message]


class Stdio(unittest.TestCase):
    def test_shutdown_and_exit_give_0(self):
        answers, code = talk(initialize(), SHUTDOWN, EXIT)
        self.assertEqual([answer["id"] for answer in answers], [0, "last"])
        self.assertEqual(code, 0)

    def test_exit_alone_gives_1(self):
        self.assertEqual(talk(initialize(), EXIT)[1], 1)

    def test_exit_does_not_wait_for_the_end_of_input(self):
        with Server() as server:
            server.send(initialize(), SHUTDOWN, EXIT)
            self.assertEqual(server.exit_code(), 0)

    def test_end_of_input_gives_1(self):
        self.assertEqual(talk()[1], 1)
        self.assertEqual(talk(initialize())[1], 1)
        self.assertEqual(talk(initialize(), b"Content-Length: 100\r\n\r\n{")[1], 1)

    def test_end_of_input_after_shutdown_gives_0(self):
        self.assertEqual(talk(initialize(), SHUTDOWN)[1], 0)

    def test_input_that_cannot_be_waited_for_is_read(self):
        with tempfile.TemporaryFile() as file:
            file.write(initialize() + SHUTDOWN + EXIT)
            file.seek(0)
            done = subprocess.run(SERVER, stdin=file, capture_output=True, timeout=SECONDS, check=False)
        self.assertIn(b'"id":"last"', done.stdout)
        self.assertEqual(done.returncode, 0)

    def test_without_input_or_output_it_does_not_start(self):
        for closed in "<&-", ">&-":
            with self.subTest(closed):
                done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", *SERVER], capture_output=True,
                                      stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"have to be open", done.stderr)

    def test_all_that_came_before_the_end_of_input_is_answered(self):
        answers, _ = talk(initialize(), did_open("FROM a:1\nADD x /\n"))
        self.assertEqual(answers[-1]["method"], "textDocument/publishDiagnostics")

    def test_request_before_initialize(self):
        answers, _ = talk(frame({"id": 7, "method": "textDocument/codeAction", "params": {}}))
        self.assertEqual(codes(answers), [(7, -32002)])

    def test_life_goes_on_after_what_cannot_be_understood(self):
        broken = [b"nonsense\r\n\r\n", b"Content-Length: x\r\n\r\n", frame(b"{"), frame(b"\xff\xfe"), frame(b""),
                  frame(b"7"), frame({"id": 1, "method": "no/such"}), frame({"method": "no/such"}), frame(b"[]")]
        answers, code = talk(*broken, initialize(), SHUTDOWN, EXIT)
        # Parse errors are told at once; the rest in its order.
        self.assertEqual(sorted(codes(answers), key=str), sorted(
            [(None, -32700)] * 5 + [(None, -32600)] * 2 + [(1, -32002)], key=str))
        self.assertEqual([answer["id"] for answer in answers if "result" in answer], [0, "last"])
        self.assertEqual(code, 0)

    def test_a_length_that_was_too_small(self):
        short = b"Content-Length: 5\r\n\r\n" + body({"id": 0, "method": "initialize"})
        answers, code = talk(short, initialize(), SHUTDOWN, EXIT)
        self.assertEqual([answer["id"] for answer in answers if "result" in answer], [0, "last"])
        self.assertEqual(code, 0)

    def test_input_beyond_the_limits_is_refused_and_ends_the_process(self):
        for hostile in (b"x" * 70_000, b"Content-Length: 999999999999\r\n\r\n", b"Content-Length: 18446744073709551626\r\n\r\n{}"):
            with Server() as server:  # the pipe stays open: the server must not wait for more
                server.send(initialize(), hostile)
                answers = server.read_to_end()
                self.assertEqual(codes(answers), [(None, -32600)])
                self.assertEqual(server.exit_code(), 1)
                self.assertIn(b"bulkhead: ", server.process.stderr.read())

    # Sanitizers keep terabytes of addresses for themselves.
    @unittest.skipIf(os.environ.get("BULKHEAD_SANITIZED"), "memory cannot be limited")
    def test_a_message_for_which_there_is_no_memory_ends_the_process_in_order(self):
        with Server() as server:
            server.send(initialize(), did_open("FROM a:1\nADD x /\n"))
            server.read()
            server.read()
            limit = server.memory("VmSize") + 32
            resource.prlimit(server.process.pid, resource.RLIMIT_AS, (int(limit) << 20,) * 2)
            with self.assertRaises(BrokenPipeError):
                server.send(b"Content-Length: 200000000\r\n\r\n", *[b" " * (1 << 20)] * 190)
            self.assertEqual(server.exit_code(), 1)
            self.assertIn(b"bulkhead: ", server.process.stderr.read())

    def test_a_folder_that_cannot_be_searched_is_named_in_the_log(self):
        with tempfile.TemporaryDirectory() as folder, Server() as server:
            gone = pathlib.Path(folder, "gone")
            params = {"processId": None, "rootUri": gone.as_uri(), "capabilities": {}}
            server.send(frame({"id": 0, "method": "initialize", "params": params}),
                        frame({"id": 1, "method": "workspace/diagnostic", "params": {"previousResultIds": []}}))
            server.read()
            self.assertIn(f"cannot search {gone}: ", server.read()["params"]["message"])

    def test_text_that_is_not_utf_8_is_never_sent_back(self):
        request = body({"id": 1, "method": "no/such/@"}).replace(b"@", b"\xff\xc3")
        answers, _ = talk(initialize(), frame(request))  # which decodes strictly
        self.assertIn((1, -32601), codes(answers))

    def test_signals_end_it_in_order(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                server.send(initialize())
                server.read()
                server.process.send_signal(number)
                self.assertEqual(server.read_to_end(), [])
                self.assertEqual(server.exit_code(), 1)

    def test_ends_with_the_process_of_its_client(self):
        client = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        with Server() as server:
            server.send(initialize(client.pid))
            server.read()
            client.communicate()
            self.assertEqual(server.exit_code(), 1)

    def test_a_process_that_cannot_be_seen_is_not_watched(self):
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        with Server() as server:
            server.send(initialize(gone.pid))
            server.read()
            time.sleep(0.2)
            server.send(SHUTDOWN, EXIT)
            self.assertEqual(server.exit_code(), 0)

    def test_a_client_that_hangs_up_while_it_is_written_to(self):
        with Server() as server:
            server.process.stdout.close()
            server.send(initialize())
            self.assertEqual(server.exit_code(), 1)

    def test_a_client_that_only_writes_is_not_dead_locked(self):
        """Many times what both pipes hold, written before a byte is read."""
        count = 3_000
        requests = b"".join(frame({"id": number, "method": "no/such/" + "x" * 400}) for number in range(count))
        with Server() as server:
            server.send(initialize(), requests, SHUTDOWN, EXIT)
            answers = server.read_to_end()
            self.assertEqual(len(codes(answers)), count)
            self.assertEqual(server.exit_code(), 0)

    def test_a_signal_reaches_it_while_nobody_reads(self):
        with Server() as server:
            server.send(initialize(), b"".join(frame({"id": 1, "method": "x" * 999}) for _ in range(500)))
            time.sleep(0.2)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.exit_code(), 1)

    def test_the_process_of_a_client_that_does_not_read_is_watched(self):
        """Somebody else may hold its end of the pipes, as here."""
        client = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        with Server() as server:
            server.send(initialize(client.pid), b"".join(frame({"id": 1, "method": "x" * 999}) for _ in range(500)))
            time.sleep(0.2)
            client.communicate()
            self.assertEqual(server.exit_code(), 1)

    def test_a_signal_reaches_it_while_much_waits(self):
        """More than it reads before some of it has been carried out, and each a while."""
        text = "FROM a:1\n" + "RUN apt-get install -y b && cd /c && sudo d\n" * 300
        item = {"textDocument": {"uri": "untitled:a"}, "context": {"diagnostics": [], "only": ["source.fixAll"]},
                "range": {"start": {"line": 0, "character": 0}, "end": {"line": 400, "character": 0}}, "x": "x" * 60_000}
        slow = frame({"id": 1, "method": "textDocument/codeAction", "params": item})
        with Server() as server:
            server.send(initialize(), did_open(text))
            stdin = server.process.stdin.fileno()
            os.set_blocking(stdin, False)
            rest = memoryview(slow * 1000)
            end = time.monotonic() + 3
            while rest and time.monotonic() < end:
                try:
                    rest = rest[os.write(stdin, rest):]
                except BlockingIOError:
                    time.sleep(0.01)
            self.assertTrue(rest)  # it does not take all of it
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.exit_code(), 1)

    def test_a_thousand_cancellations_overtake_what_they_cancel(self):
        slow = did_open("FROM a:1\n" + "RUN apt-get install -y b && cd /c && sudo d\n" * 300)
        pulls = b"".join(identified("textDocument/diagnostic", id=number) for number in range(1000))
        cancels = b"".join(cancel(number) for number in range(1000))
        with Server() as server:
            server.send(initialize())
            server.read()
            server.send(slow, identified("textDocument/diagnostic", id="first"), pulls, cancels, SHUTDOWN, EXIT)
            answers = [answer for answer in server.read_to_end() if "id" in answer]
            self.assertEqual([answer["id"] for answer in answers], ["first", *range(1000), "last"])
            cancelled = [answer["error"]["code"] for answer in answers if "error" in answer]
            self.assertEqual(set(cancelled), {-32800})
            # Those behind what was still to be read had their turn before they were cancelled.
            self.assertGreater(len(cancelled), 500)

    def test_a_client_that_does_not_read_has_to_wait(self):
        """However small its messages are: else they would pile up in memory."""
        for message in (frame(b""), frame(b"7"), frame({"id": 1, "method": "x" * 400})):
            with self.subTest(message), Server() as server:
                server.send(initialize())
                server.read()
                stdin = server.process.stdin.fileno()
                os.set_blocking(stdin, False)
                many = message * (1 + 65536 // len(message))
                taken = 0
                last = time.monotonic()
                while time.monotonic() < last + 2 and taken < 200_000_000:
                    try:
                        taken += os.write(stdin, many)
                        last = time.monotonic()
                    except BlockingIOError:
                        time.sleep(0.05)
                self.assertLess(taken, 40_000_000)
                self.assertLess(server.memory(), 400)
                server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.exit_code(), 1)

    def test_a_hundred_thousand_edits(self):
        """Each counts: a line is put above what is found, or taken away, and one more stays of each hundred."""
        def change(end, text):
            return did_change({"range": {"start": {"line": 1, "character": 0}, "end": {"line": end, "character": 0}},
                               "text": text})
        edits = (change(1, "\n") + change(2, "")) * 49 + change(1, "\n") + change(1, "")
        pull = identified("textDocument/diagnostic", id=1)
        answers, code = talk(initialize(), did_open("FROM a:1\nADD x /\n"), edits * 1000, pull, SHUTDOWN, EXIT)
        self.assertEqual([answer["id"] for answer in answers if "result" in answer], [0, 1, "last"])
        lines = [item["range"]["start"]["line"] for item in answers[-2]["result"]["items"]
                 if item["code"] == "add-instead-of-copy"]
        self.assertEqual(lines, [1001])
        self.assertEqual(code, 0)

    def open_and_close(self, server, text, uri, waits=True):
        """Without `waits` it may be closed before it has been analysed."""
        server.send(did_open(text, uri))
        if waits:
            self.assertTrue(server.read()["params"]["diagnostics"])
        server.send(identified("textDocument/didClose", uri))
        while server.read()["params"]["diagnostics"]:
            pass

    def assert_memory_stays_flat(self, server, rounds, play):
        """Plays four times `rounds`. A KiB lost in each round shows behind all of them; a thread that once needs
        more, or a page of the program that is used for the first time, behind one."""
        memory = []
        for part in range(4):
            for number in range(rounds):
                play(part * rounds + number)
            memory.append(server.memory())
        growth = [after - before for before, after in zip(memory, memory[1:])]
        self.assertLess(min(growth), rounds / 1024, memory)

    def test_memory_stays_flat_while_documents_come_and_go(self):
        text = "FROM a:1\nRUN <<EOF\napt-get install -y b\nEOF\nADD x /\n" * 20
        with Server() as server:
            server.send(initialize())
            server.read()
            self.assert_memory_stays_flat(server, 2_500, lambda number: self.open_and_close(
                server, text, f"untitled:{number}", waits=number % 10 == 0))

    def test_memory_stays_flat_while_files_come_and_go(self):
        """Each in a folder of its own, which is listed, with its compose file."""
        text = "FROM a:1\nCOPY . /\nRUN apt-get install -y b\n" * 10
        with tempfile.TemporaryDirectory() as folder, Server() as server:
            folders = [pathlib.Path(folder, str(name)) for name in range(40)]
            for here in folders:
                here.mkdir()
                (here / "compose.yaml").write_text("services:\n  a:\n    build: .\n")
                for file in range(50):
                    (here / f"file {file}").touch()
            server.send(initialize())
            server.read()
            self.assert_memory_stays_flat(server, 600, lambda number: self.open_and_close(
                server, text, (folders[number % 40] / "Dockerfile").as_uri()))

    def test_the_build_context_is_listed(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, ".env").touch()
            with Server() as server:
                server.send(initialize(), did_open("FROM a:1\nCOPY . /\n", pathlib.Path(folder, "Dockerfile").as_uri()))
                found = []
                while "missing-dockerignore" not in found:
                    params = server.read().get("params", {"diagnostics": []})
                    found = [diagnostic["code"] for diagnostic in params["diagnostics"]]

    def test_changes_on_the_disk_are_seen_when_they_are_told(self):
        with tempfile.TemporaryDirectory() as folder, Server() as server:
            here = pathlib.Path(folder)
            dockerfile = here / "Dockerfile"
            watch = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
            server.send(frame({"id": 0, "method": "initialize", "params": {"processId": None, "capabilities": watch}}),
                        did_open("FROM a:1\nEXPOSE 3000\nCOPY . /\n", dockerfile.as_uri()))

            def wait_for(is_right):
                while not is_right([item["code"] for item in server.read().get("params", {}).get("diagnostics", [])]):
                    pass

            def told(name, text):
                (here / name).write_text(text)
                changes = [{"uri": (here / name).as_uri(), "type": 1}]
                server.send(frame({"method": "workspace/didChangeWatchedFiles", "params": {"changes": changes}}))
            wait_for(lambda codes: "unpinned-image" not in codes and codes)  # once it is open
            told(".env", "A=b\n")
            wait_for(lambda codes: "missing-dockerignore" in codes)
            told(".dockerignore", "*\n")
            wait_for(lambda codes: codes and "missing-dockerignore" not in codes)
            told("compose.yaml", "services:\n  web:\n    build: .\n    ports: [\"80:8080\"]\n")
            wait_for(lambda codes: "expose-compose-mismatch" in codes)
            told("compose.yaml", "services: {}\n")
            wait_for(lambda codes: codes and "expose-compose-mismatch" not in codes)

    def test_build_contexts_are_listed_while_documents_come_and_go(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in range(300):
                pathlib.Path(folder, f"file {name}").touch()
            uris = [pathlib.Path(folder, f"{name}.Dockerfile").as_uri() for name in range(20)]
            with Server() as server:
                server.send(initialize())
                for _ in range(3):
                    server.send(*(did_open("FROM a:1\nCOPY . /\n", uri) for uri in uris))
                    for method in ("textDocument/didSave", "textDocument/didClose"):
                        server.send(*(frame({"method": method, "params": {"textDocument": {"uri": uri}}}) for uri in uris))
                server.send(SHUTDOWN, EXIT)
                self.assertEqual(server.exit_code(), 0)

    def test_ten_megabytes(self):
        pull = frame({"id": 1, "method": "textDocument/diagnostic", "params": {"textDocument": {"uri": "untitled:a"}}})
        text = "FROM a:1\n" + "ADD x /\n" + "# comment\n" * 1_000_000
        answers, code = talk(initialize(), did_open(text), pull, SHUTDOWN, EXIT)
        self.assertEqual([answer["id"] for answer in answers if "result" in answer], [0, 1, "last"])
        self.assertIn("add-instead-of-copy", [item["code"] for item in answers[1]["result"]["items"]])
        self.assertEqual(code, 0)

    def test_a_document_beyond_the_limit_is_followed_and_not_checked(self):
        large = "FROM a:1\nADD x /\n" + "# comment\n" * 5_000_000
        first = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
        second = {"start": {"line": 3, "character": 0}, "end": {"line": 9_000_000, "character": 0}}
        pull = identified("textDocument/diagnostic", id=1)
        answers, code = talk(initialize(), did_open(large), pull, did_change({"range": first, "text": "# a\n"}), pull,
                             did_change({"range": second, "text": ""}), pull, SHUTDOWN, EXIT)
        shown = [answer["params"]["message"] for answer in answers if answer.get("method") == "window/showMessage"]
        self.assertEqual(shown, ["a is larger than 16 MiB and is not checked"])
        reports = [answer["result"] for answer in answers if answer.get("id") == 1]
        self.assertEqual([len(report.get("items", [])) > 0 for report in reports], [False, False, True])
        self.assertEqual(code, 0)

    def test_five_megabytes_on_one_line(self):
        pull = identified("textDocument/diagnostic", id=1)
        for text in ("RUN " + "apt-get install x; " * 10_000 + "echo " + "x" * 5_000_000,
                     "ENV " + "A_TOKEN=b " * 10_000 + "C=" + "é" * 2_500_000):
            with self.subTest(text[:20]):
                answers, code = talk(initialize(), did_open("FROM a:1\n" + text + "\n"), pull, SHUTDOWN, EXIT)
                self.assertEqual([answer["id"] for answer in answers if "result" in answer], [0, 1, "last"])
                self.assertEqual(code, 0)


def findings(items):
    return sorted((item.get("code", item.get("rule")), json.dumps(item["range"], sort_keys=True), item["message"])
                  for item in items)


class SameFindings(unittest.TestCase):
    """Whichever way one asks."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "examples" / "insecure", self.folder / "a shop")
        (self.folder / "a shop" / ".env").touch()
        (self.folder / "plain").mkdir()
        (self.folder / "plain" / "Dockerfile").write_text("FROM scratch\nUSER 10001\n")
        (self.folder / "plain" / "é.Dockerfile").write_text("FROM a\r\nADD x /\r\nRUN <<E\r\nsudo b\r\nE\r\n")
        checked = subprocess.run([*SERVER[:1], "check", "--format", "json", str(self.folder)], capture_output=True)
        self.checked = {path: [] for path in self.folder.rglob("*ockerfile")}
        for finding in json.loads(checked.stdout):
            self.checked.setdefault(pathlib.Path(finding["path"]), []).append(finding)
        self.assertTrue(any(self.checked.values()))

    def initialize(self):
        return frame({"id": 0, "method": "initialize",
                      "params": {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}}})

    def test_of_the_whole_workspace(self):
        with Server() as server:
            server.send(self.initialize(), frame({"id": 1, "method": "workspace/diagnostic", "params": {"previousResultIds": []}}))
            server.read()
            report = server.read()["result"]["items"]
        told = {self.path_of(item["uri"]): findings(item["items"]) for item in report}
        self.assertEqual(told, {path: findings(items) for path, items in self.checked.items()})

    def test_of_the_whole_workspace_with_progress_and_cancelled(self):
        pull = {"method": "workspace/diagnostic", "params": {"previousResultIds": [], "workDoneToken": "t"}}
        with Server() as server:
            server.send(self.initialize(), *(frame({"id": number, **pull}) for number in range(1, 40)),
                        *(cancel(number) for number in range(1, 39)), SHUTDOWN, EXIT)
            answers = server.read_to_end()
        ids = [answer["id"] for answer in answers if "id" in answer and "method" not in answer]
        self.assertEqual(sorted(ids, key=str), sorted([*range(40), "last"], key=str))
        self.assertLessEqual({code for _, code in codes(answers)}, {-32800})
        self.assertEqual(server.exit_code(), 0)

    def test_of_open_documents(self):
        for path, items in self.checked.items():
            with self.subTest(path), Server() as server:
                server.send(self.initialize(), did_open(path.read_bytes().decode(), path.as_uri()))
                server.read()
                while findings((message := server.read())["params"]["diagnostics"]) != findings(items):
                    pass  # until the build context is known
                self.assertEqual(message["params"]["uri"], path.as_uri())
                server.send(identified("textDocument/diagnostic", path.as_uri(), id=1))
                server.read()  # what was pushed is taken back
                self.assertEqual(findings(server.read()["result"]["items"]), findings(items))

    def path_of(self, uri):
        return pathlib.Path(urllib.parse.unquote(uri.removeprefix("file://")))


if __name__ == "__main__":
    unittest.main(verbosity=1)
