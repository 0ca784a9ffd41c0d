"""check.py BULKHEAD HADOLINT [--files N] [--rounds N]: the command line beside hadolint's and npm's dockerfilelint.

Processor time of the whole process and its children, the tools in turn (A B C A B C ...): compare ratios, of one
run. A tool that is slow gets fewer files at a time, and its time is scaled to all of them, which favours it.
`./dev bench check`.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

from dockerfiles import dockerfile, header, median, number, row

HERE = pathlib.Path(__file__).resolve().parent
DOCKERFILELINT = HERE / "node_modules" / "dockerfilelint" / "bin" / "dockerfilelint"
LINES = (12, 20, 30, 40, 60, 90, 150)


def run(command):
    """Wall and processor time in seconds, and the peak of memory in MiB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bulkhead")
    parser.add_argument("hadolint")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    tools = {"bulkhead": ([arguments.bulkhead, "check"], arguments.files),
             "hadolint": ([arguments.hadolint], min(arguments.files, 200)),
             "dockerfilelint": (["node", DOCKERFILELINT], min(arguments.files, 200))}
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i in range(arguments.files):
            paths.append(pathlib.Path(folder) / f"service{i}" / "Dockerfile")
            paths[-1].parent.mkdir()
            paths[-1].write_text(dockerfile(LINES[i % len(LINES)], seed=i + 1, heredocs=False), encoding="utf-8")
        header("files", "tool", "wall, s", "processor, s", "peak, MiB", "processor, it / bulkhead")
        for count, rounds in ((1, arguments.rounds * 5), (arguments.files, arguments.rounds)):
            measured = {name: [] for name in tools}
            for _ in range(rounds):
                for name, (command, most) in tools.items():
                    given = paths[2:3] if count == 1 else paths[:most]  # 30 lines
                    wall, processor, peak = run([*command, *given])
                    scale = count / len(given)
                    measured[name].append((wall * scale, processor * scale, peak))
            ours = median([processor for _, processor, _ in measured["bulkhead"]])
            for name, figures in measured.items():
                wall, processor, peak = map(median, zip(*figures))
                scaled = "" if count == 1 or tools[name][1] == count else f" (from {tools[name][1]})"
                row(f"{count:,}{scaled}", name, f"{wall:.3f}", f"{processor:.3f}", number(peak),
                    number(processor / ours) if ours else "-")


main()
