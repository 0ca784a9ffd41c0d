"""Whether what users get is built with the guards of the compiler, the linker and the libraries.

    hardening_test.py CMAKE

Configures the presets `release` and `profiled` elsewhere and looks at how each file would be compiled, and at the
smallest program that is linked as bulkhead is.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CMAKE = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for preset in "release", "profiled":
            run(CMAKE, "--preset", preset, "-S", ROOT, "-B", cls.folder / preset)
        run(CMAKE, "--build", cls.folder / "release", "--target", "null_server")
        cls.program = cls.folder / "release" / "null_server"

    def flags(self, preset):
        """Those of each file. The same names for what each preset makes in its folder."""
        text = (self.folder / preset / "compile_commands.json").read_text()
        commands = json.loads(text.replace(str(self.folder / preset), "build"))
        self.assertGreater(len(commands), 100)
        return {command["file"]: set(command["command"].split()) for command in commands}

    def test_each_file_is_compiled_with_guards(self):
        for file, flags in self.flags("release").items():
            wanted = {"-O2", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong", "-fPIC"}
            if file.endswith(".cpp"):
                wanted.add("-D_GLIBCXX_ASSERTIONS")
            self.assertLessEqual(wanted, flags | {"-fPIC"} if "-fPIE" in flags else flags, file)

    def test_a_profile_takes_no_guard_away(self):
        profiled = self.flags("profiled")
        for file, flags in self.flags("release").items():
            self.assertLessEqual({"-fprofile-use"}, profiled[file] - flags, file)
            self.assertFalse([flag for flag in flags - profiled[file] if flag.startswith(("-f", "-D", "-O"))], file)

    def test_the_program_can_be_put_anywhere_and_its_tables_are_read_only(self):
        self.assertIn("DYN (", run("readelf", "-hW", self.program))
        segments = run("readelf", "-lW", self.program)
        self.assertIn("GNU_RELRO", segments)
        stack = next(line for line in segments.splitlines() if "GNU_STACK" in line)
        self.assertNotIn("E", stack.split("GNU_STACK")[1])
        dynamic = run("readelf", "-dW", self.program)
        self.assertRegex(dynamic, r"NOW")
        self.assertRegex(dynamic, r"PIE")

    def test_the_guards_are_in_the_program(self):
        symbols = run("nm", self.program)
        self.assertIn("__stack_chk_fail", symbols)
        self.assertIn("__glibcxx_assert_fail", symbols)


if __name__ == "__main__":
    unittest.main(verbosity=1)
