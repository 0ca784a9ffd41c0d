"""Holds the C++ to ARCHITECTURE.md: the order of the layers, a pure core, rules that nobody names."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What may include what: its own row and those above it. The longest prefix decides.
LAYERS = [
    ["analysis/text"],
    ["analysis/syntax"],
    ["analysis/shell"],
    ["analysis/model", "analysis/facts", "analysis/compose", "analysis/finding.h", "analysis/config.h",
     "analysis/context.h"],
    ["analysis"],  # rule.h, the engine, rules/
    ["analysis/features", "analysis/refactorings"],
    ["report"],
    ["host"],
    ["lsp"],
    ["cli"],
]
RANK = {prefix: rank for rank, row in enumerate(LAYERS) for prefix in row}

# The core is a function of its arguments: it has no business with these.
IMPURE = set(
    "cstdio ctime filesystem fstream iostream random "
    "atomic condition_variable future mutex semaphore shared_mutex thread".split()
)
IMPURE_CALLS = re.compile(r"::now\s*\(|\bgetenv\s*\(|\bsystem\s*\(|\bthread_local\b")
# What is worked out when it is first asked for: no result depends on that.
EXEMPT = ("analysis/model/document.cpp", "analysis/facts/lookup.h", "analysis/facts/secret_patterns.cpp")
# Everything else the core takes from outside the standard library, and who may.
LIBRARIES = {"fmt/": "analysis/", "tree_sitter/api.h": "analysis/syntax/"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# Rules that are named like what they are about: a word of a tool's command line, which others read as well.
WORDS_OF_TOOLS = ("dist-upgrade", "empty-password")


def layer(path):
    """The longest prefix of LAYERS that `path` lies under; None for what is not ours."""
    parts = path.split("/")
    for end in range(len(parts), 0, -1):
        if (prefix := "/".join(parts[:end])) in RANK:
            return prefix
    return None


def faults(path, text, rules):
    """What is wrong with the file `path` of this text, a line each; `rules` are the ids of all rules."""
    own = layer(path)
    for quote, header in INCLUDE.findall(text):
        other = layer(header)
        if quote == '"' and other and RANK[other] > RANK[own]:
            yield (f"includes {header}, but {own}/ stands below {other}/: "
                   "move what both need down, or hand it in as an argument")
        if path.startswith("analysis/rules/") and header.startswith("analysis/syntax/"):
            yield f"includes {header}: rules see the model, never the syntax tree; let the model tell"
        if path.startswith("analysis/") and path not in EXEMPT and quote == "<":
            allowed = next((user for library, user in LIBRARIES.items() if header.startswith(library)), None)
            if header in IMPURE or "/" in header or header.endswith(".h"):
                if not (allowed and path.startswith(allowed)):
                    yield (f"includes <{header}>: analysis/ is pure; do that in host/, report/ or lsp/ "
                           "and pass in what it gives")
    if path.startswith("analysis/") and path not in EXEMPT:
        for call in IMPURE_CALLS.findall(text):
            yield f"uses {call}: analysis/ is pure; take the value as an argument"
    for rule in rules:
        own_file = re.fullmatch(rf"analysis/rules/[^/]+/{rule}\.cpp", path)
        variable = rf"\brules::{rule.replace('-', '_')}\b"
        word = rf"(?<![\w/-]){rule}(?![\w-])"
        named = re.search(variable if rule in WORDS_OF_TOOLS else f"{word}|{variable}", text)
        if named and not own_file:
            yield f"names the rule {rule}: only its own file does; ask rules() or find_rule() instead"


class Architecture(unittest.TestCase):
    def test_the_sources_keep_it(self):
        rules = [path.stem for path in ROOT.glob("analysis/rules/*/*.cpp")]
        self.assertTrue(rules, "no rule found in analysis/rules")
        found = []
        for folder in ("analysis", "report", "host", "lsp", "cli"):
            for path in sorted((ROOT / folder).rglob("*")):
                if path.suffix in (".h", ".cpp"):
                    name = path.relative_to(ROOT).as_posix()
                    found += [f"{name}: {fault}" for fault in faults(name, path.read_text(), rules)]
        self.assertFalse(found, "\n" + "\n".join(found) + "\nARCHITECTURE.md says why.")

    def check(self, path, text, expected):
        found = list(faults(path, text, ["root-user", "dist-upgrade"]))
        if expected:
            self.assertRegex("\n".join(found), expected)
        else:
            self.assertEqual(found, [])

    def test_an_include_goes_down_only(self):
        self.check("analysis/text/a.cpp", '#include "analysis/model/document.h"', "stands below")
        self.check("report/json.cpp", '#include "lsp/server.h"', "stands below")
        self.check("analysis/model/a.cpp", '#include "analysis/rule.h"', "stands below")
        self.check("analysis/model/a.h", '#include "analysis/finding.h"', None)
        self.check("lsp/server.cpp", '#include "analysis/engine.h"\n#include <thread>', None)

    def test_the_core_is_pure(self):
        self.check("analysis/engine.cpp", "#include <fstream>", "pure")
        self.check("analysis/engine.cpp", "#include <nlohmann/json.hpp>", "pure")
        self.check("analysis/engine.cpp", "auto t = std::chrono::system_clock::now();", "pure")
        self.check("analysis/model/a.cpp", "#include <tree_sitter/api.h>", "pure")
        self.check("analysis/syntax/tree.cpp", "#include <tree_sitter/api.h>\n#include <fmt/format.h>", None)
        self.check("analysis/context.h", "#include <chrono>", None)

    def test_rules_stand_alone(self):
        self.check("lsp/server.cpp", 'if (id == "root-user")', "names the rule")
        self.check("analysis/engine.cpp", "&rules::root_user", "names the rule")
        self.check("analysis/rules/permissions/a.cpp", '#include "analysis/syntax/tree.h"', "never")
        self.check("analysis/rules/permissions/root-user.cpp", '.id = "root-user"', None)
        self.check("analysis/shell/commands/a.cpp", '{"dist-upgrade", Action::upgrade}', None)
        self.check("cli/main.cpp", '"non-root-user"', None)


if __name__ == "__main__":
    unittest.main()
