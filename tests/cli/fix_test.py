"""bulkhead fix: what it writes, what it leaves, how it ends."""

import os
import unittest

from program import INSECURE, Case

MENDED = INSECURE.replace("ADD", "COPY")
CLEAN = "FROM scratch\nUSER 10001\n"


class Fix(Case):
    def test_writes_what_is_safe(self):
        path = self.write("Dockerfile")
        path.chmod(0o640)
        result = self.run_program("fix")
        self.assertEqual(path.read_text(), MENDED)
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["Dockerfile"])
        self.assertIn("Mended 1 finding in 1 file\n", result.out)
        self.assertEqual(result.code, 1)  # alpine without a tag is left
        self.assertIn("Dockerfile:1:6: ", result.out)
        self.assertEqual(result.err, "")

    def test_exit_code_tells_what_is_left(self):
        self.write("Dockerfile", CLEAN + "ADD a b\n")
        self.assertEqual(self.run_program("fix").code, 0)
        self.assertEqual(self.run_program("check").code, 0)

    def test_twice_is_once(self):
        path = self.write("Dockerfile", INSECURE + "EXPOSE 22 80\n")
        for arguments in (["fix"], ["fix", "--unsafe"]):
            self.run_program(*arguments)
            before = path.read_bytes(), path.stat().st_mtime_ns, sorted(os.listdir(self.folder))
            result = self.run_program(*arguments)
            self.assertEqual((path.read_bytes(), path.stat().st_mtime_ns, sorted(os.listdir(self.folder))), before)
            self.assertIn("Mended 0 findings in 0 files\n", result.out)
            self.assertEqual(self.run_program(*arguments, "--diff").code, 0)

    def test_unsafe_mends_more(self):
        self.write("safe.Dockerfile")
        self.write("unsafe.Dockerfile")
        self.run_program("fix", "safe.Dockerfile")
        self.run_program("fix", "--unsafe", "unsafe.Dockerfile")
        left = lambda name: len(self.run_program("check", "--format", "json", name).json())
        self.assertLess(left("unsafe.Dockerfile"), left("safe.Dockerfile"))

    def test_diff_writes_nothing(self):
        path = self.write("api/Dockerfile")
        result = self.run_program("fix", "--diff")
        self.assertEqual(path.read_text(), INSECURE)
        self.assertEqual(result.out, "--- api/Dockerfile\n+++ api/Dockerfile\n@@ -1,2 +1,2 @@\n FROM alpine\n"
                                     "-ADD app.py /app/\n+COPY app.py /app/\n")
        self.assertEqual(result.code, 1)
        self.assertIn("Would mend 1 finding in 1 file\n", result.err)
        self.write("api/Dockerfile", CLEAN)
        result = self.run_program("fix", "--diff")
        self.assertEqual((result.code, result.out), (0, ""))

    def test_standard_input(self):
        result = self.run_program("fix", "-", stdin=INSECURE)
        self.assertEqual(result.out, MENDED)
        self.assertIn("<stdin>:1:6: ", result.err)
        self.assertEqual(result.code, 1)
        self.assertEqual(self.run_program("fix", "-", stdin=CLEAN).out, CLEAN)
        self.assertEqual(self.run_program("fix", "--quiet", "-", stdin=CLEAN).err, "")
        self.assertIn("+COPY app.py", self.run_program("fix", "--diff", "-", stdin=INSECURE).out)
        # Nothing is written, wherever the text is said to come from.
        self.run_program("fix", "--unsafe", "--stdin-filename", self.folder / "Dockerfile", "-",
                         stdin="FROM alpine:3\nCOPY . .\n")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_keeps_what_it_does_not_mend(self):
        before = b"\xef\xbb\xbfFROM alpine\r\n# \xff\xe4 \t\r\nADD \\\r\n  a b\r\n\r\n\r\nLABEL x=\xff"
        path = self.write("Dockerfile", before)
        self.run_program("fix")
        self.assertEqual(path.read_bytes(), before.replace(b"ADD", b"COPY"))

    def test_the_ignore_file_of_a_context_above(self):
        (self.folder / ".git").mkdir()
        self.write("go.mod", "")
        self.write(".env", "")
        path = self.write("docker/Dockerfile", "FROM golang:1.27\nCOPY go.mod ./\nCOPY . .\nUSER 10001\n")
        missing = [f for f in self.run_program("check", "--format", "json", path).json()
                   if any("ignore" in e["path"] for x in f["fixes"] for e in x["edits"])]
        self.assertEqual([(f["message"], f["fixes"][0]["title"]) for f in missing],
                         [("No .dockerignore: COPY . takes everything in ../, also .env and .git",
                           "Create ../.dockerignore")])
        self.run_program("fix", "--unsafe", path)
        self.assertIn("**/.env\n", (self.folder / ".dockerignore").read_text())
        self.assertEqual([p.name for p in path.parent.iterdir()], ["Dockerfile"])
        (self.folder / ".dockerignore").write_text("*.md\n")
        self.run_program("fix", "--unsafe", path)
        self.assertIn("*.md\n\n# Version control\n.git\n", (self.folder / ".dockerignore").read_text())

    def test_nothing_is_written_through_a_link_that_nobody_named(self):
        (self.folder / ".git").mkdir()
        profile = self.write("home/profile", "umask 022\n")
        self.write("app/.env", "")
        path = self.write("app/Dockerfile", "FROM golang:1.27\nCOPY . .\nUSER 10001\n")
        (self.folder / "app/.dockerignore").symlink_to(profile)
        result = self.run_program("fix", "--unsafe", path)
        self.assertEqual(result.code, 2)
        self.assertIn("app/.dockerignore: it is a symbolic link", result.err)
        self.assertEqual(profile.read_text(), "umask 022\n")

    def test_what_a_search_has_found_and_is_a_link_now(self):
        path = self.write("found/Dockerfile")
        profile = self.write("profile", "umask 022\n")

        def become_a_link():
            path.unlink()
            path.symlink_to(profile)
        result = self.run_through_gate(become_a_link, "fix", "-j", 1, "found", "gate")
        self.assertFails(result, "cannot write found/Dockerfile: it is a symbolic link")
        self.assertEqual(profile.read_text(), "umask 022\n")

    def test_one_that_cannot_be_reached_any_more_costs_the_others_nothing(self):
        self.write("app/Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        self.write("app/.dockerignore", ".git\n")
        self.write("app/.env", "")
        other = self.write("other/Dockerfile")

        def become_a_loop():
            (self.folder / "app").rename(self.folder / "moved")
            (self.folder / "app").symlink_to("app")
        result = self.run_through_gate(become_a_loop, "fix", "--unsafe", "-j", 1, "app/Dockerfile", "gate", other)
        self.assertFails(result, "cannot write app/.dockerignore: Too many levels of symbolic links")
        self.assertIn("COPY app.py", other.read_text())

    def test_a_link_stays_a_link(self):
        path = self.write("docker/image.txt")
        (self.folder / "Dockerfile").symlink_to("docker/image.txt")
        self.run_program("fix", "Dockerfile")
        self.assertTrue((self.folder / "Dockerfile").is_symlink())
        self.assertEqual(path.read_text(), MENDED)

    def test_what_cannot_be_written(self):
        path = self.write("Dockerfile")
        path.chmod(0o444)
        self.write("other/Dockerfile").chmod(0o666)
        (self.folder / "other").chmod(0o777)
        result = self.run_unprivileged("fix", "Dockerfile", "other")
        self.assertFails(result, "cannot write Dockerfile: Permission denied")
        self.assertEqual(path.read_text(), INSECURE)
        self.assertEqual((self.folder / "other/Dockerfile").read_text(), MENDED)

    def test_creates_what_is_missing(self):
        copies = "FROM node:24\nUSER node\nCOPY . /app\n"
        for name in ("a/Dockerfile", "a/dev.Dockerfile", "b/Dockerfile"):
            self.write(name, copies)
        self.write("a/.env", "")
        ignore = self.folder / "a/.dockerignore"
        diff = self.run_program("fix", "--unsafe", "--diff").out
        # Two Dockerfiles of one folder want the same file; it is made once.
        self.assertEqual(diff.count("--- /dev/null\n+++ a/.dockerignore\n"), 1)
        self.assertFalse(ignore.exists())
        self.run_program("fix")
        self.assertFalse(ignore.exists(), "it may leave out what the build needs: an unsafe fix")
        result = self.run_program("fix", "--unsafe")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("Nothing is left\n", result.out)
        added = [line[1:] for line in diff.split("+++ a/.dockerignore\n")[1].split("--- ")[0].splitlines()
                 if line.startswith("+")]
        self.assertEqual(ignore.read_text().splitlines(), added)
        self.assertEqual(self.run_program("check").code, 0)

    def test_completes_what_is_there(self):
        self.write("Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        self.write(".env", "")
        ignore = self.write(".dockerignore", ".git\n*.md")
        for arguments in (["Dockerfile"], ["."], ["Dockerfile", ".dockerignore"]):
            ignore.write_text(".git\n*.md")
            diff = self.run_program("fix", "--unsafe", "--diff", *arguments).out
            self.assertEqual(diff, "--- .dockerignore\n+++ .dockerignore\n@@ -1,2 +1,5 @@\n .git\n-*.md\n"
                                   "\\ No newline at end of file\n+*.md\n+\n+# Secrets\n+**/.env\n")
            self.run_program("fix", *arguments)
            self.assertEqual(ignore.read_text(), ".git\n*.md")
            self.run_program("fix", "--unsafe", *arguments)
            self.assertEqual(ignore.read_text(), ".git\n*.md\n\n# Secrets\n**/.env\n")
            self.assertEqual(self.run_program("fix", "--unsafe", "--diff", ".").out, "")

    def test_each_makes_its_change_of_the_same_ignore_file(self):
        self.write("Dockerfile", "FROM node:24\nUSER node\nCOPY dist /app\n")
        self.write("dev.Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        self.write("dist/index.html", "")
        self.write(".env", "")
        both = ["Dockerfile", self.folder / "dev.Dockerfile"]  # spelled in two ways
        ignore = self.write(".dockerignore", ".git\ndist\n")
        diff = self.run_program("fix", "--unsafe", "--diff", *both).out
        self.assertEqual([line for line in diff.splitlines() if line[0] in "+-"],
                         ["--- .dockerignore", "+++ .dockerignore", "-dist",
                          f"--- {ignore}", f"+++ {ignore}", "+", "+# Secrets", "+**/.env"])
        result = self.run_program("fix", "--unsafe", *both)
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertIn("Mended 2 findings in 1 file\n", result.out)
        self.assertEqual(ignore.read_text(), ".git\n\n# Secrets\n**/.env\n")

    def test_leaves_alone_what_another_build_of_the_folder_needs(self):
        self.write("Dockerfile", "FROM node:24\nCOPY . /app\nRUN npm ci\nUSER node\n")
        self.write("docker/web.Dockerfile", "FROM node:24\nCOPY node_modules /n\nCOPY compose.yaml /\nUSER node\n")
        self.write("compose.yaml", "services:\n  web:\n    build: {context: ., dockerfile: docker/web.Dockerfile}\n")
        self.write("package.json", "{}")
        self.write("node_modules/a/index.js", "")
        self.write(".env", "")
        self.run_program("fix", "--unsafe")
        written = (self.folder / ".dockerignore").read_text()
        self.assertIn("**/.env\n", written)
        self.assertNotIn("node_modules", written)
        self.assertNotIn("compose", written)
        self.assertEqual(self.run_program("fix", "--unsafe", "--diff").out, "")

    def test_says_what_is_left_when_all_is_written(self):
        self.write("Dockerfile", "FROM node:24\nUSER node\nEXPOSE 3000\nCMD [\"node\"]\n")
        self.write("compose.yaml", "services:\n  web:\n    build: .\n    ports: [\"8080:8080\"]\n")
        result = self.run_program("fix", "--unsafe")
        self.assertIn("EXPOSE 8080", (self.folder / "Dockerfile").read_text())
        self.assertEqual((result.code, result.out), (0, "Mended 1 finding in 1 file\nNothing is left\n"))

    def test_a_diff_names_files_by_the_shortest_way(self):
        self.write("docker/compose.yaml",
                   "services:\n  web:\n    build: {context: ../src, dockerfile: ../docker/Dockerfile}\n")
        self.write("docker/Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        self.write("src/.env", "")
        (self.folder / ".git").mkdir()
        diff = self.run_program("fix", "--unsafe", "--diff").out
        self.assertIn("--- /dev/null\n+++ src/.dockerignore\n", diff)

    def test_an_ignore_file_has_a_change_of_its_own_as_well(self):
        self.write("Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        self.write(".env", "")
        for inputs in (["Dockerfile", ".dockerignore"], ["."]):
            ignore = self.write(".dockerignore", '.git\n"*.log"\n')
            self.run_program("fix", "--unsafe", *inputs)
            self.assertEqual(ignore.read_text(), ".git\n*.log\n\n# Secrets\n**/.env\n")

    def test_a_named_ignore_file(self):
        self.write("api.Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        self.write(".env", "")
        ignore = self.write("api.Dockerfile.dockerignore", "# nothing yet\r\n")
        self.run_program("fix", "--unsafe")
        self.assertIn(b"\r\n# Secrets\r\n**/.env\r\n", ignore.read_bytes())
        self.assertEqual(self.run_program("check").code, 0)

    def test_does_not_replace_what_somebody_else_made(self):
        self.write("Dockerfile", "FROM node:24\nUSER node\nCOPY . /app\n")
        (self.folder / ".dockerignore").symlink_to("nowhere")
        result = self.run_program("fix", "--unsafe")
        self.assertFails(result, "cannot create .dockerignore: File exists")
        self.assertTrue((self.folder / ".dockerignore").is_symlink())

    def test_select(self):
        path = self.write("Dockerfile")
        self.run_program("fix", "--ignore", "DL3020")
        self.assertEqual(path.read_text(), INSECURE)


if __name__ == "__main__":
    unittest.main()
