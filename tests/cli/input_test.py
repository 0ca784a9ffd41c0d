"""Input that nobody meant: every command answers it with an exit code and, where it is due, a message."""

import os
import unittest

from program import INSECURE, Case

HOSTILE = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "only a comment": b"# nothing",
    "not UTF-8": b"FROM alpine\nLABEL a=\xff\xfe\xc3\nADD \xe4 b\n",
    "UTF-16": "FROM alpine\nADD a b\n".encode("utf-16"),
    "NUL bytes": b"FROM alpine\0\nADD a\0b c\n\0\0\0",
    "a byte order mark": b"\xef\xbb\xbfFROM alpine\nADD a b\n",
    "CR alone": b"FROM alpine\rADD a b\r",
    "escape sequences": b"FROM alpine\nADD \x1b[31m\x07 b\n",
    "no line end": b"FROM alpine\nADD a b",
    "ends in a continuation": b"FROM alpine\nRUN a \\",
    "an open heredoc": b"FROM alpine\nRUN <<EOF\nnever closed\n",
    "an open quote": b"FROM alpine\nENV a=\"b\nADD a b\n",
    "malformed JSON": b"FROM alpine\nCMD [\"a\", \nADD a b\n",
    "words without sense": b"\x7fELF" + bytes(range(256)) * 8,
    "no FROM": b"ADD a b\nRUN c\n",
}


class Bytes(Case):
    def test_every_command_survives(self):
        for name, data in HOSTILE.items():
            self.write("Dockerfile", data)
            for arguments in (["check"], ["check", "--format", "json"], ["fix", "--diff", "--unsafe"],
                              ["parse", "Dockerfile"], ["parse", "--format", "json", "Dockerfile"],
                              ["parse", "--effects", "Dockerfile"],
                              ["parse", "--effects", "--format", "json", "Dockerfile"]):
                with self.subTest(name, arguments=arguments):
                    result = self.run_program(*arguments)
                    self.assertIn(result.code, (0, 1))
                    if "json" in arguments:
                        result.json()
                    elif arguments[0] != "fix":  # a diff shows the bytes as they are
                        self.assertNotIn(b"\x1b", result.bytes)
                        self.assertNotIn(b"\0", result.bytes)
                        result.bytes.decode()
            with self.subTest(name, arguments="fix"):
                self.assertIn(self.run_program("fix", "--unsafe", "-", stdin=data).code, (0, 1))

    def test_findings_beside_what_is_broken(self):
        for name in ("not UTF-8", "NUL bytes", "a byte order mark", "no line end", "escape sequences"):
            with self.subTest(name):
                self.write("Dockerfile", HOSTILE[name])
                self.assertIn("Replace ADD with COPY", self.run_program("check").out)

    def test_ten_megabytes(self):
        # What takes time that grows with the square of its size runs into the limit of run_program().
        shapes = {
            "lines": b"FROM alpine\n" + b"RUN echo hello, world\n" * 460_000,
            "one line": b"FROM alpine\nRUN echo " + b"x" * 10_000_000 + b"\nADD a b\n",
            "one instruction": b"FROM alpine\nRUN true" + b" \\\n && true" * 900_000 + b"\nADD a b\n",
        }
        for name, data in shapes.items():
            with self.subTest(name):
                self.write("Dockerfile", data)
                result = self.run_program("check", "--fail-level", "never")
                self.assertEqual(result.code, 0)
                self.assertLess(len(result.bytes), 1_000_000)


class Files(Case):
    def check_others_are_still_checked(self, *arguments, message, run=None):
        self.write("other/Dockerfile")
        result = (run or self.run_program)("check", *arguments, "other")
        self.assertFails(result, message)
        self.assertIn("other/Dockerfile:1:", result.out)
        result = (run or self.run_program)("check", "--format", "json", *arguments, "other")
        self.assertEqual(result.code, 2)
        self.assertTrue(result.json())

    def test_missing(self):
        self.check_others_are_still_checked("none", message="cannot read none: No such file or directory")
        self.assertFails(self.run_program("fix", "none"), "cannot read none: No such file or directory")
        self.assertFails(self.run_program("parse", "none"), "cannot read none: No such file or directory")

    def test_directory(self):
        (self.folder / "folder").mkdir()
        self.assertFails(self.run_program("parse", "folder"), "cannot read folder: Is a directory")
        # `check` searches it, and a folder that is called Dockerfile is not one.
        (self.folder / "folder/Dockerfile").mkdir()
        result = self.run_program("check", "folder")
        self.assertEqual(result.code, 0)
        self.assertIn("no Dockerfiles in folder", result.err)

    def test_unreadable(self):
        self.write("Dockerfile").chmod(0)
        self.check_others_are_still_checked("Dockerfile", message="cannot read Dockerfile: Permission denied",
                                            run=self.run_unprivileged)
        secret = self.folder / "secret"
        secret.mkdir(mode=0o700)
        secret.chmod(0)
        self.check_others_are_still_checked("secret", message="cannot search secret: Permission denied",
                                            run=self.run_unprivileged)

    def test_too_large(self):
        path = self.write("Dockerfile", b"")
        os.truncate(path, 64 * 1024 * 1024 + 1)
        self.check_others_are_still_checked("Dockerfile", message="cannot read Dockerfile: larger than 64 MiB")

    def test_a_pipe_is_read(self):
        """As the shell makes it for `bulkhead check <(command)`."""
        reader, writer = os.pipe()
        os.write(writer, INSECURE.encode())
        os.close(writer)
        result = self.run_program("check", f"/dev/fd/{reader}", pass_fds=[reader])
        os.close(reader)
        self.assertEqual(result.code, 1)
        self.assertIn("Replace ADD with COPY", result.out)

    def test_what_a_search_has_found_is_no_pipe_or_device(self):
        path = self.write("found/Dockerfile")

        def become_a_device():
            path.unlink()
            path.symlink_to("/dev/null")
        result = self.run_through_gate(become_a_device, "check", "-j", 1, "gate", "found")
        self.assertFails(result, "cannot read found/Dockerfile: not a regular file")

    def test_names(self):
        """A name may be any bytes: JSON stays JSON, and the terminal obeys none of it."""
        name = os.fsdecode(b"\xff\x1b[31m.Dockerfile")
        self.write(name)
        result = self.run_program("check", "--format", "json")
        self.assertTrue(result.json()[0]["path"].startswith("\ufffd"))
        self.assertNotIn(b"\x1b", self.run_program("check").bytes)
        self.assertNotIn(b"\x1b", self.run_program("parse", name).bytes)


if __name__ == "__main__":
    unittest.main()
