"""tools/refresh-eol.py brings the table of ends of life up to date. Exit code 77: skipped, there is no PyYAML."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).parents[2] / "tools/refresh-eol.py"
COLUMNS = "product images cycle codename tag_re lts released eol eol_extended latest latest_released".split()

DEBIAN = """---
permalink: /debian
releases:
-   releaseCycle: "14"
    codename: "Forky"
    releaseDate: 2027-07-01
    eol: 2030-07-01
    eoes: 2032-06-30
    latest: "14.0"
    latestReleaseDate: 2027-07-01
-   releaseCycle: "13"
    codename: "Trixie"
    releaseDate: 2025-08-09
    eol: 2028-08-10
    eoes: 2030-06-30
    latest: "13.9"
    latestReleaseDate: 2027-06-01
-   releaseCycle: "12"
    releaseDate: 2023-06-10
    eol: true
---

Text.
"""
NODE = """---
permalink: /nodejs
alternate_urls:
-   /node
releases:
-   releaseCycle: "28"
    releaseDate: 2027-05-05
    lts: 2027-10-26
    eol: 2030-04-30
    latest: "28.1.0"
    latestReleaseDate: 2027-06-01
-   releaseCycle: "26"
    releaseDate: 2026-05-05
    lts: 2026-10-28
    eol: 2029-04-30
    latest: "26.9.0"
    latestReleaseDate: 2027-06-01
---
"""
BEFORE = [
    "debian debian 13 trixie ^(13|trixie)([._-].*)?$ yes 2025-08-09 2028-08-09 2030-06-30 13.6 2026-07-11",
    "node node,cimg/node 26 - ^v?26([._+-].*)?$ yes 2026-05-05 2029-04-30 - 26.7.0 2026-08-05",
    "other other 1 - ^v?1([._+-].*)?$ no 2026-05-05 no - 1.0 2026-08-05",
]
AFTER = [
    "debian debian 14 forky ^(14|forky)([._-].*)?$ no 2027-07-01 2030-07-01 2032-06-30 14.0 2027-07-01",
    "debian debian 13 trixie ^(13|trixie)([._-].*)?$ yes 2025-08-09 2028-08-10 2030-06-30 13.9 2027-06-01",
    "node node,cimg/node 28 - ^v?28([._+-].*)?$ yes 2027-05-05 2030-04-30 - 28.1.0 2027-06-01",
    "node node,cimg/node 26 - ^v?26([._+-].*)?$ yes 2026-05-05 2029-04-30 - 26.9.0 2027-06-01",
    BEFORE[2],
]


class RefreshEol(unittest.TestCase):
    def refresh(self, before):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "debian.md").write_text(DEBIAN, encoding="utf-8")
            (folder / "nodejs.md").write_text(NODE, encoding="utf-8")
            table = folder / "eol.tsv"
            table.write_text("".join(row.replace(" ", "\t") + "\n" for row in [" ".join(COLUMNS), *before]),
                             encoding="utf-8")
            run = subprocess.run([sys.executable, TOOL, folder, table], capture_output=True, text=True)
            rows = [line.replace("\t", " ") for line in table.read_text(encoding="utf-8").splitlines()]
            return run, rows[1:]

    def test_updates_and_adds_cycles(self):
        run, rows = self.refresh(BEFORE)
        self.assertEqual(rows, AFTER)
        self.assertEqual(run.stderr, "other: no such page\n")
        self.assertEqual(run.returncode, 1)

    def test_a_second_run_changes_nothing(self):
        _, rows = self.refresh(AFTER)
        self.assertEqual(rows, AFTER)

    def test_leaves_to_people_what_it_cannot_tell(self):
        unlike = BEFORE[0].replace("^(13|trixie)", "^stable")
        run, rows = self.refresh([unlike])
        self.assertEqual(len(rows), 1)
        self.assertEqual(run.stderr, "debian 14: write its row by hand\n")


if __name__ == "__main__":
    try:
        import yaml  # noqa: F401
    except ImportError:
        print("skipped: PyYAML is not installed (Debian: python3-yaml)")
        sys.exit(77)
    unittest.main()
