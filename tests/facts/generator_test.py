"""The generator of the tables refuses data that it cannot read, and says where.

    generator_test.py GENERATE_FACTS
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

DATA = pathlib.Path(__file__).parents[2] / "analysis/facts/data"
GENERATOR = None


class Generator(unittest.TestCase):
    def generate(self, file=None, old="", new=""):
        """Runs it on the data with `old`, which must be there, replaced by `new` once."""
        with tempfile.TemporaryDirectory() as folder:
            data = pathlib.Path(folder, "data")
            shutil.copytree(DATA, data)
            line = 0
            if file:
                text = (data / file).read_text(encoding="utf-8")
                self.assertIn(old, text)
                line = text[: text.index(old)].count("\n") + 1
                (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")
            out = pathlib.Path(folder, "tables.cpp")
            run = subprocess.run([GENERATOR, data, out], capture_output=True, text=True)
            return run, line, out.exists() and out.read_text(encoding="utf-8")

    def refuses(self, file, old, new, message):
        run, line, _ = self.generate(file, old, new)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn(message, run.stderr)
        self.assertIn(f"{file}:{line}:", run.stderr)

    def test_takes_the_data(self):
        run, _, text = self.generate()
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn('{"resolute|26.04", 0, "._-"}', text)

    def test_regular_expressions_of_other_shapes(self):
        shape = "does not know this shape"
        for regex in ("^v?24(.*)?$", "24([._+-].*)?$", "^v?24([._+-].*)?", "^v?2[45]([._+-].*)?$",
                      "^v?24+([._+-].*)?$", "^(24([._+-].*)?$", "^v?24([a-z].*)?$", "^([._+-].*)?$"):
            with self.subTest(regex):
                self.refuses("eol.tsv", "\t^v?24([._+-].*)?$\t", f"\t{regex}\t", shape)
        self.refuses("eol-tag-suffixes.tsv", "(^|-)trixie(-|$)", "^trixie(-|$)", shape)

    def test_patterns_of_secrets(self):
        row = "\\b(npm_[0-9A-Za-z]{36})\\b\t-\tnpm_\t"
        for new, message in (("\\b(npm_)([0-9A-Za-z]{36})\\b\t-\tnpm_\t", "one group"),
                             ("\\b(?:npm_[(])\t-\tnpm_\t", "one group"),
                             ("\\b(npm_[0-9A-Za-z]{36})\\b\t-\tNPM_\t", "in lower case"),
                             ("\\b(npm_[0-9A-Za-z]{36})\\b\tx\tnpm_\t", "is no value of column")):
            with self.subTest(new):
                self.refuses("secret-patterns.tsv", row, new, message)

    def test_cells(self):
        self.refuses("eol.tsv", "\t2025-08-09\t", "\t2025-8-9\t", "is no date")
        self.refuses("eol.tsv", "debian\t13\ttrixie", "debian\t13\t", "empty cell")
        self.refuses("eol.tsv", "debian\t13\ttrixie", "debian\t13", "cells under")
        self.refuses("eol.tsv", "debian\tdebian\t12", "debian\tdebian\t13", "second row for debian 13")
        self.refuses("eol-tag-suffixes.tsv", "debian\t13", "debian\t99", "no such cycle")
        self.refuses("eol-tag-forms.tsv", "\tlatest\t", "\tnewest\t", "is no form of a tag")
        self.refuses("base-images.tsv", "adminer\tofficial", "adminer\tnobody", "is no value of column")
        self.refuses("base-images.tsv", "adminer\tofficial", "docker.io/adminer\tofficial", "without docker.io/")
        self.refuses("image-users.tsv", "\t1000\t1000\t6\t", "\tthousand\t1000\t6\t", "is no number")
        self.refuses("image-users.tsv", "\t1000\t1000\t6\t", "\t1000\t1000\tsix\t", "is no version")
        self.refuses("secret-names.tsv", "password\tword", "Password\tword", "lower case")
        self.refuses("secret-names.tsv", "api_key\tphrase", "api_key\tword", "`phrase` is meant")
        self.refuses("package-managers.tsv", "NAME=VERSION", "NAME=1", "a pin has NAME and VERSION")
        self.refuses("value-forms.tsv", "\tprefix\treference", "\tbegin\treference", "is no value of column")

    def test_templates(self):
        for old, new in (('"markers": [', '"markers": '), ('"keep": [', '"kept": [')):
            run, _, _ = self.generate("dockerignore-templates.json", old, new)
            self.assertEqual(run.returncode, 1)
            self.assertIn("dockerignore-templates.json", run.stderr)


if __name__ == "__main__":
    GENERATOR = sys.argv.pop()
    unittest.main()
