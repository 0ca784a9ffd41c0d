"""bulkhead check: what is looked at, how it is told, how it ends."""

import os
import pty
import re
import select
import subprocess
import time
import unittest

from program import INSECURE, PROGRAM, ROOT, Case, offset, rules

SEVERITIES = ["error", "warning", "info", "hint"]


class Contexts(Case):
    """What only a real folder shows: Git, and contexts above the Dockerfile."""

    def missing(self, path):
        findings = self.run_program("check", "--format", "json", "--select", "copy-missing-source", path).json()
        return [finding["message"].rsplit(" ", 1)[-1] for finding in findings]

    def test_what_git_ignores_comes_later(self):
        (self.folder / ".git").mkdir()
        self.write(".gitignore", "config.json\n")
        for name in ("index.js", "config.example.json"):
            self.write(name, "")
        path = self.write("Dockerfile", "FROM node:26\nCOPY index.js config.json settings.json ./\n")
        self.assertEqual(self.missing(path), ["settings.json"])

    def test_a_context_that_is_worked_out_has_to_have_most(self):
        (self.folder / ".git").mkdir()
        for name in ("a.js", "b.js", "c.js"):
            self.write(name, "")
        text = "FROM node:26\nCOPY a.js b.js c.js d.js ./\n"
        self.assertEqual(self.missing(self.write("docker/Dockerfile", text)), ["d.js"])
        self.assertEqual(self.missing(self.write("docker/Dockerfile", text + "COPY e.js ./\n")), [])


class ExitCodes(Case):
    def test_findings(self):
        self.write("Dockerfile")
        self.assertEqual(self.run_program("check").code, 1)

    def test_clean(self):
        self.write("Dockerfile", "FROM scratch\nUSER 10001\n")
        result = self.run_program("check")
        self.assertEqual((result.code, result.out), (0, "No findings in 1 file\n"))

    def test_usage(self):
        for arguments in (["--bogus"], ["check", "--bogus"], ["bogus"], ["check", "--format", "xml"],
                          ["check", "--format"], ["check", "--fail-level", "fatal"], ["check", "-j", "0"],
                          ["check", "--jobs", "many"], ["check", "--color", "sometimes"], ["explain"], ["parse"],
                          ["check", "--today", "2026-02-30"], ["check", "--today", "yesterday"]):
            with self.subTest(arguments):
                result = self.run_program(*arguments)
                self.assertFails(result, "bulkhead: ", "--help")
                self.assertEqual(result.out, "")

    def test_fail_level(self):
        self.write("Dockerfile")
        levels = {finding["severity"] for finding in self.run_program("check", "--format", "json").json()}
        gravest = min(SEVERITIES.index(level) for level in levels)
        for i, level in enumerate(SEVERITIES):
            with self.subTest(level):
                self.assertEqual(self.run_program("check", "--fail-level", level).code, 1 if i >= gravest else 0)
        self.assertEqual(self.run_program("check", "--fail-level", "never").code, 0)

    def test_help_and_version(self):
        for arguments in ([], ["--help"], ["check", "--help"], ["fix", "-h"], ["lsp", "--help"]):
            with self.subTest(arguments):
                result = self.run_program(*arguments)
                self.assertEqual((result.code, result.err), (0, ""))
                self.assertIn("Usage: bulkhead", result.out)
        version = re.search(r"VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text().split("project(")[1])[1]
        self.assertEqual(self.run_program("--version").out, f"bulkhead {version}\n")

    def test_full_disk(self):
        self.write("Dockerfile")
        with open("/dev/full", "wb") as full:
            process = subprocess.run([PROGRAM, "check"], cwd=self.folder, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(process.returncode, 2)
        self.assertIn(b"cannot write to standard output: No space left on device", process.stderr)

    def test_closed_pipe_ends_quietly(self):
        self.write("Dockerfile", "FROM alpine\n" + "ADD a b\n" * 20_000)
        with subprocess.Popen([PROGRAM, "check"], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.read(100)
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
            self.assertNotEqual(process.wait(60), 2)


class Search(Case):
    def paths(self, *arguments):
        findings = self.run_program("check", "--format", "json", *arguments).json()
        return list(dict.fromkeys(finding["path"] for finding in findings))

    def test_folders_are_searched_in_order(self):
        for name in ("web/Dockerfile", "api/prod.Dockerfile", "Dockerfile", "api/Containerfile", "README.md",
                     "node_modules/x/Dockerfile", "Dockerfile.dockerignore", "build/Dockerfile"):
            self.write(name)
        self.write(".gitignore", "/build/\n")
        self.assertEqual(self.paths(), ["Dockerfile", "api/Containerfile", "api/prod.Dockerfile", "web/Dockerfile"])
        self.assertEqual(self.paths("api", "web/"), ["api/Containerfile", "api/prod.Dockerfile", "web/Dockerfile"])
        self.assertEqual(self.paths(self.folder / "web"), [str(self.folder / "web/Dockerfile")])

    def test_a_file_that_is_named_is_checked_whatever_it_is_called(self):
        self.write("build/image.txt")
        self.assertEqual(self.paths("build/image.txt"), ["build/image.txt"])

    def test_each_file_once(self):
        self.write("api/Dockerfile")
        self.assertEqual(len(self.run_program("check", "--format", "json", "api", "api/Dockerfile", "./api").json()),
                         len(self.run_program("check", "--format", "json", "api").json()))

    def test_a_folder_without_any(self):
        result = self.run_program("check")
        self.assertEqual((result.code, result.out), (0, ""))
        self.assertIn("no Dockerfiles in .", result.err)
        self.assertEqual(self.run_program("check", "--format", "json").json(), [])

    def test_standard_input(self):
        result = self.run_program("check", "-", stdin=INSECURE)
        self.assertEqual(result.code, 1)
        self.assertTrue(result.out.startswith("<stdin>:1:"), result.out)
        result = self.run_program("check", "--stdin-filename", "api/Dockerfile", "-", stdin=INSECURE)
        self.assertTrue(result.out.startswith("api/Dockerfile:1:"), result.out)


class Jobs(Case):
    def test_output_does_not_depend_on_threads(self):
        for i in range(80):
            self.write(f"d{i % 7}/f{i}.dockerfile", f"FROM alpine:{i}\n" + "ADD a b\n" * (i % 13) + "EXPOSE 22\n")
        self.write("d3/broken.dockerfile", b"FROM \xff\nRUN <<EOF\n")
        for arguments in (["--format", "json"], [], ["d5", "missing", "d1"]):
            with self.subTest(arguments):
                runs = {(r.code, r.bytes, r.err) for r in
                        (self.run_program("check", *arguments, f"-j{jobs}") for jobs in (1, 8, 8, 2))}
                self.assertEqual(len(runs), 1)


class Rules(Case):
    def found(self, *arguments):
        return {finding["rule"] for finding in self.run_program("check", "--format", "json", *arguments).json()}

    def test_select_and_ignore(self):
        self.write("Dockerfile")
        everything = self.found()
        self.assertGreater(len(everything), 1)
        one = sorted(everything)[0]
        self.assertEqual(self.found("--select", one), {one})
        self.assertEqual(self.found("--ignore", one), everything - {one})
        self.assertEqual(self.found("--select", ",".join(everything), "--ignore", one), everything - {one})

    def test_names_of_other_tools(self):
        self.write("Dockerfile")
        catalogue = {rule["id"]: rule["aliases"] for rule in rules()}
        for rule in self.found():
            for alias in catalogue[rule]:
                for name in (alias, alias.split(":", 1)[1], alias.upper()):
                    with self.subTest(name):
                        self.assertIn(rule, self.found("--select", name))
                        self.assertNotIn(rule, self.found("--ignore", name))

    def test_unknown(self):
        rule = rules()[0]["id"]
        result = self.run_program("check", "--select", rule[:-1])
        self.assertFails(result, f"there is no rule '{rule[:-1]}'; did you mean '{rule}'?")
        # What is left out may be a rule that only another linter has.
        self.write("Dockerfile")
        result = self.run_program("check", "--format", "json", "--ignore", "DL3059,qqqqqqqqqqqqqq")
        self.assertIn("there is no rule 'qqqqqqqqqqqqqq'\n", result.err)
        self.assertIn("there is no rule 'DL3059'", result.err)
        self.assertEqual({finding["rule"] for finding in result.json()}, self.found())

    def test_today(self):
        self.write("Dockerfile", "FROM node:18\nUSER node\n")
        then = self.found("--today", "2023-01-01")
        self.assertGreater(self.found("--today", "2040-01-01"), then)


class Json(Case):
    def test_form(self):
        text = "# 🚢 größe\nFROM alpine\nADD 🚢 /app/\nEXPOSE 22\n"
        self.write("api/Dockerfile", text)
        findings = self.run_program("check", "--format", "json").json()
        self.assertGreater(len(findings), 2)
        catalogue = {rule["id"]: rule for rule in rules()}
        for finding in findings:
            with self.subTest(finding["rule"]):
                self.assertEqual(list(finding), ["path", "rule", "category", "severity", "message", "range", "url",
                                                 "aliases", "fixes"])
                rule = catalogue[finding["rule"]]
                self.assertEqual(finding["path"], "api/Dockerfile")
                self.assertEqual(finding["category"], rule["category"])
                self.assertEqual(finding["aliases"], rule["aliases"])
                self.assertEqual(finding["url"], rule["url"])
                self.assertIn(finding["severity"], SEVERITIES)
                self.assertTrue(finding["message"])
                self.check_range(text, finding["range"])
                for fix in finding["fixes"]:
                    self.assertEqual(list(fix), ["title", "safety", "edits"])
                    self.assertIn(fix["safety"], ("safe", "unsafe"))
                    self.assertTrue(fix["title"])
                    self.assertTrue(fix["edits"])
                    for edit in fix["edits"]:
                        self.assertEqual(list(edit), ["path", "range", "newText"])
                        self.assertTrue(edit["path"].startswith("api/"))
                        self.check_range(text, edit["range"])

    def check_range(self, text, where):
        self.assertEqual(list(where), ["start", "end"])
        self.assertLessEqual(offset(text, where["start"]), offset(text, where["end"]))
        self.assertLessEqual(offset(text, where["end"]), len(text))

    def test_order_is_that_of_the_document(self):
        self.write("Dockerfile", "FROM alpine\nADD a b\nEXPOSE 22\nADD c d\n")
        starts = [(f["range"]["start"]["line"], f["range"]["start"]["character"])
                  for f in self.run_program("check", "--format", "json").json()]
        self.assertEqual(starts, sorted(starts))

    def test_edits_are_those_that_fix_makes(self):
        """A client that applies the safe edits of the JSON gets what `fix` writes."""
        text = "FROM alpine\n# 🚢\nADD 🚢 \\\n  more /app/\n"
        path = self.write("Dockerfile", text)
        edits = [edit for finding in self.run_program("check", "--format", "json").json()
                 for fix in finding["fixes"][:1] if fix["safety"] == "safe" for edit in fix["edits"]]
        self.assertTrue(edits)
        mended = text
        for edit in sorted(edits, key=lambda e: offset(text, e["range"]["start"]), reverse=True):
            self.assertEqual(edit["path"], "Dockerfile")
            begin, end = (offset(text, edit["range"][side]) for side in ("start", "end"))
            mended = mended[:begin] + edit["newText"] + mended[end:]
        self.run_program("fix")
        self.assertEqual(path.read_text(), mended)


class Colors(Case):
    def on_terminal(self, *arguments, **env):
        """What the program writes when standard output is a terminal."""
        main, child = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"} | env
        process = subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, stdout=child, stderr=child,
                                   stdin=subprocess.DEVNULL, env=environment)
        os.close(child)
        out = b""
        end = time.monotonic() + 60
        while time.monotonic() < end and select.select([main], [], [], 60)[0]:
            try:
                part = os.read(main, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            out += part
        os.close(main)
        process.wait(60)
        return out

    def test_when(self):
        self.write("Dockerfile")
        self.assertNotIn(b"\x1b", self.run_program("check").bytes)
        self.assertNotIn(b"\x1b", self.run_program("check", "--color", "never").bytes)
        self.assertIn(b"\x1b[", self.run_program("check", "--color", "always").bytes)
        self.assertIn(b"\x1b[", self.on_terminal("check"))
        self.assertIn(b"\x1b]8;;https://", self.on_terminal("check"))
        self.assertNotIn(b"\x1b", self.on_terminal("check", NO_COLOR="1"))
        self.assertNotIn(b"\x1b", self.on_terminal("check", TERM="dumb"))
        self.assertNotIn(b"\x1b", self.on_terminal("check", "--color", "never"))
        self.assertIn(b"\x1b[", self.on_terminal("check", "--color", "always", NO_COLOR="1"))

    def test_quiet(self):
        self.write("Dockerfile")
        self.assertIn(" findings (", self.run_program("check").out)
        self.assertNotIn(" findings (", self.run_program("check", "--quiet").out)


if __name__ == "__main__":
    unittest.main()
