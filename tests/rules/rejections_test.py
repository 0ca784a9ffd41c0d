"""The rules that speak for the builder refuse what BuildKit refuses, and nothing else.

rejections.jsonl has generated Dockerfiles with the answer of BuildKit v0.34 (parser, typed instructions, conversion,
against an image without environment): null, or the lines [first, last] of the first instruction that it refuses.
Each of those has an error of these rules on one of these lines; the others have none.

    rejections_test.py BINARY
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CASES = pathlib.Path(__file__).with_name("rejections.jsonl")
BINARY = pathlib.Path(sys.argv[1]).resolve()
RULES = """
circular-stage-reference copy-from-self copy-from-unknown-stage empty-dockerfile expose-invalid-format extra-argument
invalid-escape-directive invalid-flag-value invalid-healthcheck invalid-image-reference invalid-instruction-order
invalid-onbuild-trigger invalid-stage-name invalid-stopsignal invalid-syntax missing-argument non-json-shell
port-out-of-range undefined-arg-in-from unknown-flag unknown-instruction unterminated-quote
""".split()


class Rejections(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(CASES, encoding="utf-8") as file:
            cls.cases = [json.loads(line) for line in file]

    def errors(self):
        """For each case the findings that are errors: (rule, first line, last line), counted from 1."""
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, case in enumerate(self.cases):
                path = pathlib.Path(folder, f"{number}.dockerfile")
                path.write_text(case["text"], encoding="utf-8", newline="")
                paths.append(str(path))
            command = [BINARY, "check", "--format", "json", "--select", ",".join(RULES), *paths]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            found = {path: [] for path in paths}
            for finding in json.loads(done.stdout):
                place = finding["range"]
                if finding["severity"] == "error":
                    found[finding["path"]].append(
                        (finding["rule"], place["start"]["line"] + 1, place["end"]["line"] + 1))
            return [found[path] for path in paths]

    def test_agrees_with_the_reference(self):
        self.assertGreater(len(self.cases), 300)
        for case, errors in zip(self.cases, self.errors()):
            with self.subTest(case["text"]):
                if case["refused"] is None:
                    self.assertEqual(errors, [])
                else:
                    first, last = case["refused"]
                    self.assertTrue(any(begin <= last and end >= first for _, begin, end in errors),
                                    f"no error in lines {first} to {last}: {errors}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
