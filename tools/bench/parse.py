"""parse.py BENCH_PARSE [FOLDER]: bulkhead's parser beside npm's dockerfile-ast, on the same files in one run.

The files are the Dockerfiles under FOLDER; without one, those of the corpus beside the checkout (as in
tests/corpus/corpus_test.py) or, where there is none, those of the tests. `./dev bench parse` calls it.
"""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
CORPUS = PROJECT.parent / "shared" / "corpus" / "dev.tar.xz"


def is_dockerfile(path):
    name = path.name.lower()
    return path.is_file() and (name.startswith(("dockerfile", "containerfile")) or name.endswith(".dockerfile"))


def measure(command, paths):
    """The values that a program prints, by name. On one core, where the system lets us choose it."""
    if shutil.which("taskset"):
        command = ["taskset", "--cpu-list", "0", *command]
    done = subprocess.run(command, input="".join(f"{path}\n" for path in paths), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")
    return {name: float(value) for name, value in (line.split("\t") for line in done.stdout.splitlines())}


def main():
    bench_parse, *folder = sys.argv[1:]
    with tempfile.TemporaryDirectory() as unpacked:
        if not folder and CORPUS.exists():
            with tarfile.open(CORPUS) as archive:
                archive.extractall(unpacked)
            folder = [unpacked]
        root = pathlib.Path(folder[0]) if folder else PROJECT / "tests"
        paths = sorted(path for path in root.rglob("*") if is_dockerfile(path))
        if not paths:
            sys.exit(f"no Dockerfile under {root}")
        ours = measure([bench_parse], paths)
        node = ["node", HERE / "dockerfile-ast.js"]
        parts, lines = measure([*node, "parts"], paths), measure([*node, "lines"], paths)

    def row(label, speed, beside):
        print(f"  {label:58} {speed / 1e6:5.2f} MB/s" + (f"   {beside / speed:5.1f} times" if beside else ""))

    print(f"{ours['files']:.0f} Dockerfiles, {ours['bytes'] / 1e6:.2f} MB; processor time, one core")
    print("\nthe fastest of nine passes, and how many times as fast bulkhead is")
    row("bulkhead: the whole tree", ours["parse"], None)
    row("dockerfile-ast: all that this tree has nodes for", parts["parts"], ours["parse"])
    row("dockerfile-ast: where instructions begin and end, only", lines["lines"], ours["parse"])
    print("\nthe first pass, as a command meets it")
    row("bulkhead", ours["first pass"], None)
    row("dockerfile-ast: all that this tree has nodes for", parts["first pass"], ours["first pass"])
    row("dockerfile-ast: where instructions begin and end, only", lines["first pass"], ours["first pass"])
    print("\nbeside the parse of the Dockerfile in the same reading, a file at a time")
    for name in sorted(ours.keys() - {"files", "bytes", "first pass", "tree", "parse", "typing"}):
        print(f"  {name}: {ours[name]:.2f} times as long")
    print(f"\n  the tree takes {ours['tree']:.1f} bytes a byte of text")
    print(f"  a character typed at 1,000 lines takes {ours['typing'] * 1e3:.3f} ms")


main()
