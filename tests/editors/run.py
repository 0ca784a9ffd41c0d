"""run.py neovim|emacs SERVER: opens a Dockerfile in the real editor, set up as docs/editors.md says, with
SERVER as `bulkhead`; the editor's script takes a fix and saves; here the file on disk is compared."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BEFORE = "FROM python:3.13-slim\nADD app.py /app/\n"
AFTER = "FROM python:3.13-slim\nCOPY app.py /app/\n"
EDITORS = {
    "neovim": ("lua", ".config/nvim/init.lua", ["nvim", "--headless", "-c", f"luafile {HERE}/neovim.lua"]),
    "emacs": ("elisp", ".emacs.d/init.el", ["emacs", "--batch", "-l", f"{HERE}/emacs.el"]),
}

editor, server = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
language, settings, command = EDITORS[editor]
if not shutil.which(command[0]):
    sys.exit(f"{command[0]} is not installed: ./dev test --editors installs it")
guide = (HERE.parents[1] / "docs/editors.md").read_text()
snippets = re.findall(rf"^```{language}\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
assert len(snippets) == 1, f"docs/editors.md has {len(snippets)} blocks of {language}, not one"

with tempfile.TemporaryDirectory() as folder:
    home = pathlib.Path(folder)
    (home / settings).parent.mkdir(parents=True)
    (home / settings).write_text(snippets[0])
    project = home / "project"
    project.mkdir()
    (project / "Dockerfile").write_text(BEFORE)
    (project / "app.py").touch()
    environment = {
        "HOME": folder,
        "PATH": f"{server.parent}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }
    try:
        run = subprocess.run(command, cwd=project, env=environment, stdin=subprocess.DEVNULL, timeout=120,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except subprocess.TimeoutExpired as late:
        sys.exit(f"{editor} did not come to an end:\n{(late.output or b'').decode()}")
    saved = (project / "Dockerfile").read_text()

print(run.stdout)
if run.returncode != 0:
    sys.exit(f"{editor} ended with {run.returncode}")
if saved != AFTER:
    sys.exit(f"{editor} saved\n{saved}instead of\n{AFTER}")
if re.search(r"^(\[eglot\] \(warning\)|Warning \(eglot\))", run.stdout, re.MULTILINE):
    sys.exit("eglot warned: the server uses what this client did not offer")
