"""Runs the built program in a folder of its own: what the tests of the command line have in common."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))
ROOT = pathlib.Path(__file__).resolve().parents[2]
NOBODY = 65534

# One that every version of bulkhead finds something in, and can mend something of safely.
INSECURE = "FROM alpine\nADD app.py /app/\n"


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.bytes = process.stdout
        self.out = process.stdout.decode(errors="replace")
        self.err = process.stderr.decode(errors="replace")

    def json(self):
        return json.loads(self.bytes)


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bulkhead-cli-"))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text=INSECURE):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_program(self, *arguments, stdin=b"", env=None, **options):
        """Never colours, a fixed date: what is printed depends on nothing but the files."""
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")} | (env or {})
        program = options.pop("program", PROGRAM)
        process = subprocess.run(
            [program, *map(str, arguments)], input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True, cwd=self.folder, env=environment, timeout=1400, **options)
        result = Result(process)
        self.assertGreaterEqual(result.code, 0, f"died of a signal: {result.err}")
        self.assertNotIn("internal error", result.err)
        return result

    def run_unprivileged(self, *arguments):
        """As somebody who is not root, who may read and write everything."""
        if os.geteuid() != 0:
            return self.run_program(*arguments)
        # The program itself may lie where only root gets.
        program = self.folder / ".program"
        if not program.exists():
            shutil.copy(PROGRAM, program)
            program.chmod(0o755)
        return self.run_program(*arguments, program=program, user=NOBODY, group=NOBODY, extra_groups=[])

    def run_through_gate(self, action, *arguments):
        """Does `action` while the program reads the file `gate`, which is among the arguments."""
        gate = self.folder / "gate"
        os.mkfifo(gate)

        def keep():
            with gate.open("w") as pipe:  # once somebody reads there
                action()
                pipe.write("FROM scratch\nUSER 10001\n")
        keeper = threading.Thread(target=keep, daemon=True)
        keeper.start()
        result = self.run_program(*arguments)
        keeper.join(60)
        return result

    def assertFails(self, result, *messages):
        self.assertEqual(result.code, 2, result.err)
        for message in messages:
            self.assertIn(message, result.err)


def rules():
    """The catalogue: so that no test names a rule."""
    return json.loads(subprocess.run([PROGRAM, "rules", "--format", "json"], capture_output=True, check=True).stdout)


def offset(text, position):
    """Of a 0-based position in UTF-16 units, as an index into `text`."""
    lines = text.split("\n")
    line = lines[position["line"]]
    before = line.encode("utf-16-le")[: 2 * position["character"]].decode("utf-16-le")
    return sum(len(each) + 1 for each in lines[: position["line"]]) + len(before)
