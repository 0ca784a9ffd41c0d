"""bulkhead rules, explain, parse and lsp; and that docs/rules.md and docs/rules/ are what the rules say."""

import json
import unittest

from program import PROGRAM, ROOT, Case, rules


def texts(folder, *patterns):
    """Of the files in the folder that fit, or of all, by their paths in it."""
    found = {path for pattern in patterns or ["**/*"] for path in folder.glob(pattern) if path.is_file()}
    return {str(path.relative_to(folder)): path.read_text() for path in found}


class Catalogue(Case):
    def test_json(self):
        catalogue = rules()
        self.assertTrue(catalogue)
        ids = [rule["id"] for rule in catalogue]
        self.assertEqual(ids, sorted(set(ids)))
        for rule in catalogue:
            self.assertEqual(list(rule), ["id", "title", "category", "severity", "enabled", "fix", "aliases", "url"])
            self.assertIn(rule["fix"], ("safe", "unsafe", None))
            self.assertTrue(rule["url"].endswith(f"/docs/rules/{rule['id']}.md"))

    def test_table_lists_each_rule(self):
        table = self.run_program("rules").out
        for rule in rules():
            self.assertRegex(table, rf"(?m)^  {rule['id']} +{rule['severity']} .*{rule['title']}")

    def pages(self):
        """rules.md and rules/ID.md, as written now: texts by name."""
        result = self.run_program("rules", "--format", "markdown", "--output", "docs")
        self.assertEqual((result.code, result.out, result.err), (0, "", ""))
        return texts(self.folder / "docs")

    def test_pages_are_fresh(self):
        pages = self.pages()
        committed = texts(ROOT / "docs", "rules.md", "rules/*")
        stale = sorted(name for name in pages.keys() | committed.keys() if pages.get(name) != committed.get(name))
        self.assertEqual(stale, [], f"docs/ is not what the rules say; to write it again: ./dev docs, or\n"
                                    f"rm -r docs/rules; {PROGRAM} rules --format markdown --output docs")

    def test_each_rule_has_a_page_and_the_index_links_to_it(self):
        pages = self.pages()
        index = pages.pop("rules.md")
        self.assertEqual(set(pages), {f"rules/{rule['id']}.md" for rule in rules()})
        for rule in rules():
            page = pages[f"rules/{rule['id']}.md"]
            self.assertEqual(index.count(f"| [{rule['id']}](rules/{rule['id']}.md) | {rule['title']}"), 1)
            self.assertIn(f"\n# {rule['id']}\n", page)
            for part in (rule["title"], f"](../rules.md#{rule['category']})", "\n## Bad\n", "\n## Good\n",
                         "\n## Fix\n", f"\n# bulkhead: ignore={rule['id']} ", *rule["aliases"]):
                self.assertIn(part, page)
        for anchor in {rule["category"] for rule in rules()}:
            self.assertIn(f"\n## {anchor.replace('-', ' ').capitalize()}\n", index)

    def test_pages_that_cannot_be_written(self):
        self.write("docs", "a file")
        self.assertFails(self.run_program("rules", "--format", "markdown", "--output", "docs"), "docs")
        self.assertFails(self.run_program("rules", "--output", "docs"), "--output: only --format markdown")

    def test_explain(self):
        for rule in rules():
            with self.subTest(rule["id"]):
                result = self.run_program("explain", rule["id"])
                self.assertEqual((result.code, result.err), (0, ""))
                for part in (rule["id"], rule["title"], rule["url"], "Bad:", "Good:", *rule["aliases"]):
                    self.assertIn(part, result.out)
                for alias in rule["aliases"]:  # several rules may go by it
                    self.assertIn("Also known as: ", self.run_program("explain", alias).out)
                    self.assertIn(rule["url"], self.run_program("explain", alias.split(":", 1)[1]).out)

    def test_explain_a_misspelt_name(self):
        rule = rules()[-1]["id"]
        misspelt = rule[:3] + rule[4:]
        self.assertFails(self.run_program("explain", misspelt), f"did you mean '{rule}'?")
        self.assertFails(self.run_program("explain", ""), "there is no rule ''")
        longest = max((rule["id"] for rule in rules()), key=len)
        self.assertFails(self.run_program("explain", longest[:len(longest) // 2]), f"did you mean '{longest}'?")


class Parse(Case):
    def parsed(self, *arguments, **options):
        result = self.run_program("parse", "--format", "json", *arguments, **options)
        return [json.loads(line) for line in result.out.splitlines()], result

    def test_json(self):
        self.write("a", "# syntax=docker/dockerfile:1\nfrom alpine AS x\n\nRUN a \\\n  # why\n  b\n"
                        "COPY <<EOF /c\n1\n2\nEOF\nONBUILD ADD a b\nBOGUS x\n")
        files, result = self.parsed("a")
        self.assertEqual(result.code, 0)
        self.assertEqual([list(file) for file in files], [["path", "errors", "instructions"]])
        self.assertEqual(files[0]["path"], "a")
        self.assertIsInstance(files[0]["errors"], int)
        self.assertEqual(files[0]["instructions"], [
            {"name": "FROM", "start": 2, "end": 2},
            {"name": "RUN", "start": 4, "end": 6},
            {"name": "COPY", "start": 7, "end": 10},
            {"name": "ONBUILD", "start": 11, "end": 11},
            {"name": "BOGUS", "start": 12, "end": 12},
        ])

    def test_files_keep_their_order_and_names(self):
        names = [f"./d{i}/../d{i}/f" for i in range(30)]
        for i in range(30):
            self.write(f"d{i}/f", "FROM a\n" * (i + 1))
        files, _ = self.parsed(*names)
        self.assertEqual([file["path"] for file in files], names)
        self.assertEqual([len(file["instructions"]) for file in files], list(range(1, 31)))

    def test_one_that_cannot_be_read_costs_the_others_nothing(self):
        self.write("a", "FROM a\n")
        files, result = self.parsed("a", "none", "a")
        self.assertFails(result, "cannot read none: No such file or directory")
        self.assertEqual([file["path"] for file in files], ["a", "a"])

    def test_standard_input(self):
        files, _ = self.parsed("-", stdin="FROM a\n")
        self.assertEqual(files, [{"path": "-", "errors": 0, "instructions": [{"name": "FROM", "start": 1, "end": 1}]}])

    def test_text(self):
        self.write("a", "FROM alpine\nRUN a \\\n b\n")
        self.assertEqual(self.run_program("parse", "a").out,
                         "a: 2 instructions, 1 stage, 0 syntax errors\n"
                         "        1  FROM alpine\n"
                         "      2-3  RUN a  b\n")


class Server(Case):
    def test_arguments_that_clients_pass(self):
        for arguments in (["lsp"], ["lsp", "--stdio"], ["lsp", "--stdio", "--stdio"]):
            with self.subTest(arguments):
                # Its input ends at once, and nobody said `shutdown`: 1 in the protocol's words.
                result = self.run_program(*arguments)
                self.assertEqual((result.code, result.bytes), (1, b""))
        self.assertFails(self.run_program("lsp", "--socket=1"), "--socket")


if __name__ == "__main__":
    unittest.main()
