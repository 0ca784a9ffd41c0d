"""What bulkhead says of real Dockerfiles, where the corpus is at hand (../shared/corpus beside the checkout).

Each file must give the instructions that BuildKit's parser gives (instructions.tsv: how many, and a digest of
"KEYWORD first last" of each; `-` for those that the reference rejects), and all of them together the findings
that findings.tsv counts. With BULKHEAD_UPDATE=1 in the environment findings.tsv is written anew: its
difference shows what a change does to real files.

usage: corpus_test.py BINARY   exit code 77: skipped, there is no corpus
"""

import collections
import csv
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE.parents[2] / "shared" / "corpus" / "dev.tar.xz"
BINARY = pathlib.Path(sys.argv[1]).resolve()
TODAY = "2026-11-23"


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def bulkhead(*arguments):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, errors="replace")
    if done.returncode not in (0, 1):
        raise AssertionError(f"exit code {done.returncode}: {done.stderr}")
    return done.stdout


def digest(instructions):
    lines = "".join(f"{i['name'].upper()} {i['start']} {i['end']}\n" for i in instructions)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


class CorpusTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        with tarfile.open(CORPUS) as archive:
            archive.extractall(cls.folder.name)
        manifest = rows(pathlib.Path(cls.folder.name) / "MANIFEST.tsv")
        names = [f"{row['repo']}/{row['path']}" for row in manifest if row["kind"] == "dockerfile"]
        cls.files = {os.path.join(cls.folder.name, name): name for name in names}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_instructions_are_those_of_the_reference(self):
        expected = {row["path"]: row for row in rows(HERE / "instructions.tsv")}
        read = [json.loads(line) for line in bulkhead("parse", "--format", "json", *self.files).splitlines()]
        self.assertEqual(len(read), len(self.files))
        wrong = []
        for item in read:
            name = self.files[item["path"]]
            reference = expected[name]
            if reference["digest"] == "-":
                continue  # any answer will do, but there has to be one
            if item["errors"] or digest(item["instructions"]) != reference["digest"]:
                wrong.append(name)
        self.assertEqual(wrong, [])

    def test_findings_are_those_that_were_reviewed(self):
        findings = json.loads(bulkhead("check", "--format", "json", "--today", TODAY, *self.files))
        counts = collections.Counter((item["rule"], item["severity"]) for item in findings)
        lines = ["rule\tseverity\tfindings"] + [f"{r}\t{s}\t{n}" for (r, s), n in sorted(counts.items())]
        text = "\n".join(lines) + "\n"
        path = HERE / "findings.tsv"
        if os.environ.get("BULKHEAD_UPDATE"):
            path.write_text(text, encoding="utf-8")
        message = f"{path} differs: BULKHEAD_UPDATE=1 python3 {__file__} {BINARY} rewrites it, for a review"
        self.assertEqual(text, path.read_text(encoding="utf-8"), message)


if __name__ == "__main__":
    if not CORPUS.exists():
        print(f"skipped: no corpus beside the checkout (shared/corpus/{CORPUS.name})")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
