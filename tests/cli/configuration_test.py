"""bulkhead check and fix with the configuration of a project."""

import unittest

from program import INSECURE, Case, rules


class Configurations(Case):
    def setUp(self):
        super().setUp()
        (self.folder / ".git").mkdir()
        self.write("Dockerfile")
        self.found = self.ids("check")

    def configure(self, *lines):
        self.write(".bulkhead.yaml", "\n".join(lines) + "\n")

    def ids(self, *arguments):
        return [each["rule"] for each in self.run_program(*arguments, "--format", "json").json()]

    def test_rules_are_left_out(self):
        self.configure(f"ignore: [{self.found[0]}]")
        self.assertEqual(self.ids("check"), [each for each in self.found if each != self.found[0]])
        self.assertEqual(self.ids("check", "--no-config"), self.found)

    def test_a_selection_on_the_command_line_stands_instead(self):
        self.configure(f"select: [{self.found[0]}]", f"ignore: [{self.found[1]}]")
        self.assertEqual(set(self.ids("check")), {self.found[0]})
        self.assertEqual(set(self.ids("check", "--select", self.found[1])), {self.found[1]})
        self.assertEqual(self.ids("check", "--ignore", self.found[0]), [])

    def test_rules_that_do_not_run_by_default(self):
        optional = [each["id"] for each in rules() if not each["enabled"]]
        self.configure("enable: [" + ", ".join(optional) + "]")
        found = self.ids("check")
        self.assertGreater(len(found), len(self.found))
        self.assertEqual(self.ids("check", "--no-config", "--enable", ",".join(optional)), found)

    def test_severities_and_the_fail_level(self):
        self.configure("severity:", *(f"  {each}: hint" for each in set(self.found)))
        self.assertEqual({each["severity"] for each in self.run_program("check", "--format", "json").json()}, {"hint"})
        self.assertEqual(self.run_program("check").code, 0)
        self.assertEqual(self.run_program("check", "--fail-level", "hint").code, 1)
        self.configure("fail-level: never")
        self.assertEqual(self.run_program("check").code, 0)
        self.assertEqual(self.run_program("check", "--fail-level", "hint").code, 1)

    def test_what_is_excluded_is_looked_at_only_when_it_is_named(self):
        path = self.write("vendor/Dockerfile")
        self.configure("exclude: [vendor/]")
        self.assertNotIn("vendor/Dockerfile", self.run_program("check").out)
        self.assertIn("vendor/Dockerfile", self.run_program("check", "vendor/Dockerfile").out)
        self.run_program("fix", "--unsafe")
        self.assertEqual(path.read_text(), INSECURE)
        self.run_program("fix", "--unsafe", "vendor/Dockerfile")
        self.assertNotEqual(path.read_text(), INSECURE)

    def test_standard_input_has_that_of_the_folder_or_of_its_name(self):
        self.configure(f"ignore: [{self.found[0]}]")
        self.assertNotIn(self.found[0], self.run_program("check", "-", stdin=INSECURE).out)
        self.write("a/.bulkhead.yaml", "")
        result = self.run_program("check", "-", "--stdin-filename", "a/Dockerfile", stdin=INSECURE)
        self.assertIn(self.found[0], result.out)

    def test_one_that_is_named(self):
        self.write("ci/rules.yaml", f"ignore: [{self.found[0]}]\nexclude: [ci/]\n")
        self.write("ci/Dockerfile")
        self.configure(f"ignore: [{self.found[1]}]")
        result = self.run_program("check", "--config", "ci/rules.yaml", "--format", "json")
        self.assertEqual([(each["path"], each["rule"]) for each in result.json()],
                         [("Dockerfile", each) for each in self.found if each != self.found[0]])
        self.assertFails(self.run_program("check", "--config", "missing.yaml"), "cannot read missing.yaml")
        self.assertFails(self.run_program("check", "--config", "ci/rules.yaml", "--no-config"))

    def test_what_does_not_count_is_told_once_and_the_rest_is_looked_at(self):
        self.write("a/Dockerfile")
        self.configure("ignored: []")
        for command in ("check", "fix"):
            result = self.run_program(command, "--format", "json") if command == "check" else self.run_program(command)
            self.assertFails(result, "bulkhead: .bulkhead.yaml:1: there is no setting 'ignored'")
            self.assertEqual(result.err.count("ignored"), 1)
        self.assertIn("a/Dockerfile", self.run_program("check").out)

    def test_trusted_registries(self):
        self.write("Dockerfile", "FROM ghcr.io/a/b:1\nUSER 1\n")
        self.configure("trusted-registries: [docker.io]")
        untrusted = set(self.ids("check")) - set(self.ids("check", "--no-config"))
        self.assertEqual(len(untrusted), 1)
        self.assertFalse(untrusted & set(self.ids("check", "--trusted-registry", "ghcr.io")))


if __name__ == "__main__":
    unittest.main()
