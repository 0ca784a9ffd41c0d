"""train.py BULKHEAD: does with a program that records what it runs (BULKHEAD_PROFILE) what its users do.

It checks and mends the Dockerfiles of the tests, and is typed at as the benchmark does, in other Dockerfiles than those
that are measured. `./dev build --profiled`.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

from dockerfiles import dockerfile
from server import session

ROOT = pathlib.Path(__file__).resolve().parents[2]

bulkhead = pathlib.Path(sys.argv[1]).resolve()
with tempfile.TemporaryDirectory() as folder:
    cases = shutil.copytree(ROOT / "tests" / "rules" / "fixtures", pathlib.Path(folder) / "cases")
    for command in ("check",), ("check", "--format", "json"), ("fix", "--unsafe"):
        done = subprocess.run([bulkhead, *command, cases], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode not in (0, 1):
            sys.exit(f"bulkhead {command[0]} ended with {done.returncode}")
    path = pathlib.Path(folder) / "Dockerfile"
    for size in 30, 300, 3000:
        text = dockerfile(size, seed=2)
        path.write_text(text, encoding="utf-8")
        if "memory" not in session([bulkhead, "lsp"], path, text):
            sys.exit("bulkhead lsp has not answered to all that was typed")
