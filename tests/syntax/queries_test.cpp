// The queries of grammar/, which editors read: they fit the grammar and find what they should.

#include <regex.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "tests/catch.h"

extern "C" const TSLanguage* tree_sitter_dockerfile(void);

namespace {

template <class Type, void (*destroy)(Type*)>
struct Delete {
  void operator()(Type* object) const { destroy(object); }
};
template <class Type, void (*destroy)(Type*)>
using Owned = std::unique_ptr<Type, Delete<Type, destroy>>;

std::string read(const std::string& name) {
  std::ifstream file(BULKHEAD_SOURCE_DIR "/grammar/queries/" + name);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A query and what it finds in a text. The runtime's library leaves predicates to its users.
class Query {
 public:
  explicit Query(const std::string& name) {
    const std::string source = read(name);
    std::uint32_t place = 0;
    TSQueryError error = TSQueryErrorNone;
    query_.reset(ts_query_new(tree_sitter_dockerfile(), source.data(),
                              static_cast<std::uint32_t>(source.size()), &place, &error));
    CAPTURE(name, place, error, source.substr(place, 60));
    REQUIRE(query_);
  }

  // "capture text" of each capture in the order of the text; for injections, the language instead of
  // the capture's name.
  std::vector<std::string> run(const std::string& text) const {
    const Owned<TSParser, ts_parser_delete> parser(ts_parser_new());
    ts_parser_set_language(parser.get(), tree_sitter_dockerfile());
    const Owned<TSTree, ts_tree_delete> tree(ts_parser_parse_string(
        parser.get(), nullptr, text.data(), static_cast<std::uint32_t>(text.size())));
    const Owned<TSQueryCursor, ts_query_cursor_delete> cursor(ts_query_cursor_new());
    ts_query_cursor_exec(cursor.get(), query_.get(), ts_tree_root_node(tree.get()));
    std::vector<std::string> found;
    TSQueryMatch match;
    std::uint32_t capture = 0;
    while (ts_query_cursor_next_capture(cursor.get(), &match, &capture)) {
      std::string language;
      if (!holds(match, text, language)) continue;
      const std::string name = capture_name(match.captures[capture].index);
      if (name.starts_with("_")) continue;
      found.push_back((language.empty() ? name : language) + " " +
                      text_of(match.captures[capture].node, text));
    }
    return found;
  }

 private:
  std::string capture_name(std::uint32_t index) const {
    std::uint32_t length = 0;
    const char* const name = ts_query_capture_name_for_id(query_.get(), index, &length);
    return {name, length};
  }

  static std::string text_of(TSNode node, const std::string& text) {
    const std::uint32_t begin = ts_node_start_byte(node);
    return text.substr(begin, ts_node_end_byte(node) - begin);
  }

  // Whether the pattern's predicates hold; `language` is set by `#set! injection.language`.
  bool holds(const TSQueryMatch& match, const std::string& text, std::string& language) const {
    std::uint32_t count = 0;
    const TSQueryPredicateStep* const steps =
        ts_query_predicates_for_pattern(query_.get(), match.pattern_index, &count);
    std::vector<std::string> words;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (steps[i].type == TSQueryPredicateStepTypeString) {
        std::uint32_t length = 0;
        const char* const word =
            ts_query_string_value_for_id(query_.get(), steps[i].value_id, &length);
        words.emplace_back(word, length);
      } else if (steps[i].type == TSQueryPredicateStepTypeCapture) {
        for (std::uint16_t j = 0; j < match.capture_count; ++j) {
          if (match.captures[j].index == steps[i].value_id)
            words.push_back(text_of(match.captures[j].node, text));
        }
      } else {
        if (!predicate(words, language)) return false;
        words.clear();
      }
    }
    return true;
  }

  static bool search(const std::string& text, const std::string& pattern) {
    regex_t compiled;
    REQUIRE(regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB | REG_NEWLINE) == 0);
    const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&compiled);
    return found;
  }

  static bool predicate(const std::vector<std::string>& words, std::string& language) {
    const std::string& name = words.at(0);
    if (name == "set!") {
      if (words.at(1) == "injection.language") language = words.at(2);
      return true;
    }
    if (name == "eq?") return words.at(1) == words.at(2);
    const bool matches = search(words.at(1), words.at(2));
    if (name == "match?") return matches;
    if (name == "not-match?") return !matches;
    FAIL("no such predicate here: " << name);
    return false;
  }

  Owned<TSQuery, ts_query_delete> query_;
};

using Found = std::vector<std::string>;

}  // namespace

TEST_CASE("highlights") {
  const Query query("highlights.scm");
  CHECK(query.run("# escape=`\n# a comment\n") ==
        Found{"punctuation.special #", "keyword.directive escape", "operator =", "string.special `",
              "comment # a comment"});
  CHECK(query.run("FROM --platform=$P r.io/a/b:1@sha256:0 AS x") ==
        Found{"keyword FROM", "attribute --platform", "operator =", "string $P",
              "punctuation.special $", "variable P", "namespace r.io", "module r.io",
              "punctuation.delimiter /", "type a/b", "punctuation.delimiter :", "string.special 1",
              "punctuation.delimiter @", "string.special sha256:0", "keyword AS", "label x"});
  CHECK(query.run("COPY --from=x -- a \\\n b") ==
        Found{"keyword COPY", "attribute --from", "operator =", "string x", "label x",
              "punctuation.special --", "string a", "string.special.path a",
              "punctuation.special \\\n", "string b", "string.special.path b"});
  CHECK(query.run("RUN --mount=type=bind,from=x [\"a\\n\"]") ==
        Found{"keyword RUN", "attribute --mount", "operator =", "variable.other.member type",
              "property type", "operator =", "string bind", "punctuation.delimiter ,",
              "variable.other.member from", "property from", "operator =", "string x", "label x",
              "punctuation.bracket [", "string \"a\\n\"", "constant.character.escape \\n",
              "string.escape \\n", "punctuation.bracket ]"});
  CHECK(query.run("ENV A=\"${B:-c}\"") ==
        Found{"keyword ENV", "variable.other.member A", "property A",
              "operator =", "string \"${B:-c}\"", "string \"${B:-c}\"", "punctuation.special ${",
              "variable B", "operator :-", "string c", "punctuation.special }"});
  CHECK(query.run("EXPOSE 80/tcp") == Found{"keyword EXPOSE", "constant.numeric 80", "number 80",
                                            "punctuation.delimiter /", "type.builtin tcp"});
  CHECK(query.run("WORKDIR /a") == Found{"keyword WORKDIR", "string /a", "string.special.path /a"});
  CHECK(query.run("RUN cat <<E\nx\nE\n") ==
        Found{"keyword RUN", "label <<E", "string x\n", "label E"});
}

TEST_CASE("injections") {
  const Query query("injections.scm");
  CHECK(query.run("RUN a \\\n  b\n# c\n") == Found{"bash a \\\n  b", "comment # c"});
  CHECK(query.run("CMD [\"a\"]\nENTRYPOINT a\nHEALTHCHECK CMD b\nONBUILD RUN c\n") ==
        Found{"bash a", "bash b", "bash c"});
  CHECK(query.run("RUN <<E\nx\nE\n") == Found{"bash <<E", "bash x\n"});
  CHECK(query.run("RUN <<E\n#!/usr/bin/env python3\nx\nE\n") ==
        Found{"bash <<E", "python #!/usr/bin/env python3\nx\n"});
  CHECK(query.run("RUN <<E\n#!/bin/sh -e\nx\nE\n") == Found{"bash <<E", "bash #!/bin/sh -e\nx\n"});
  CHECK(query.run("RUN /usr/bin/python3.12 - <<E\nx\nE\n") ==
        Found{"bash /usr/bin/python3.12 - <<E", "python x\n"});
  CHECK(query.run("RUN bash <<E\nx\nE\n") == Found{"bash bash <<E", "bash x\n"});
  CHECK(query.run("RUN psql <<E\nx\nE\n") == Found{"bash psql <<E"});
  CHECK(query.run("COPY <<E /a/b.yml\nx\nE\n") == Found{"yaml x\n"});
  CHECK(query.run("COPY <<E /a/b\nx\nE\n").empty());
}

TEST_CASE("folds") {
  const Query query("folds.scm");
  CHECK(query.run("# a\n# b\nRUN a \\\n b\nUSER a\n") ==
        Found{"fold # a", "fold # b", "fold RUN a \\\n b"});
  CHECK(query.run("RUN <<E\nx\ny\nE\n") == Found{"fold RUN <<E\nx\ny\nE", "fold x\ny\n"});
}

TEST_CASE("locals") {
  const Query query("locals.scm");
  const std::string text = "ARG A=1\nFROM a AS b\nENV C=$A\nCOPY --from=b x y\n";
  CHECK(query.run(text) == Found{"local.scope " + text, "local.definition.variable A",
                                 "local.reference a", "local.definition.label b",
                                 "local.definition.variable C", "local.reference A",
                                 "local.reference b"});
}
