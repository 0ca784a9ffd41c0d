// Edits of commands, and what holds for every edit: the document parses as before, and what was not meant
// stays.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/rewrite.h"
#include "tests/catch.h"

using namespace bulkhead;

namespace {

using Edits = std::optional<std::vector<Edit>>;

// `text` after `change` of its first RUN; "none" where there is no edit. A FROM is put in front where it
// has none.
std::string rewritten(const std::string& text, const std::function<Edits(const Run&)>& change) {
  const std::string from = "FROM x\n";
  if (text.find("FROM") == std::string::npos) {
    const std::string result = rewritten(from + text, change);
    return result.starts_with(from) ? result.substr(from.size()) : result;
  }
  const auto document = Document::create(text);
  for (const Instruction& instruction : document->instructions()) {
    if (instruction.kind() != Keyword::run) continue;
    const Edits edits = change(Run(instruction));
    if (!edits) return "none";
    std::vector<TextEdit> changes;
    for (const Edit& edit : *edits) changes.push_back(edit.change);
    return apply_edits(text, changes).value_or("conflict");
  }
  return "no RUN";
}

std::string changed(const std::string& text,
                    const std::function<std::optional<Edit>(const Run&)>& change) {
  return rewritten(text, [&](const Run& run) -> Edits {
    const std::optional<Edit> edit = change(run);
    return edit ? Edits(std::vector{*edit}) : std::nullopt;
  });
}

std::string appended(const std::string& text) {
  return changed(text, [](const Run& run) { return append_command(run, "rm x"); });
}

std::string without_command(const std::string& text, std::size_t index) {
  return changed(text, [&](const Run& run) { return remove_command(run.commands()[index]); });
}

std::string without_commands(const std::string& text, const std::vector<std::size_t>& indexes) {
  return rewritten(text, [&](const Run& run) {
    std::vector<Command> gone;
    for (const std::size_t i : indexes) gone.push_back(run.commands()[i]);
    return remove_commands(gone);
  });
}

std::string without_packages(const std::string& text, std::size_t command,
                             const std::vector<std::size_t>& packages) {
  return rewritten(text, [&](const Run& run) {
    const Command call = run.commands()[command];
    const auto known = shell::package_call(call.name(), call.argument_texts());
    return known ? remove_packages(call, *known, packages) : std::nullopt;
  });
}

std::string with_package(const std::string& text, std::string_view name) {
  return changed(text, [&](const Run& run) {
    const Command call = run.commands().back();
    const auto known = shell::package_call(call.name(), call.argument_texts());
    return known ? replace_package(call, known->packages.at(0), name) : std::nullopt;
  });
}

std::string with_argument(const std::string& text, std::size_t behind) {
  return changed(text, [&](const Run& run) -> std::optional<Edit> {
    return add_argument(run.commands().back(), behind, "-x");
  });
}

std::string with_word(const std::string& text, std::size_t argument, std::string_view word) {
  return changed(text, [&](const Run& run) -> std::optional<Edit> {
    return replace(run.commands()[0].arguments()[argument], word);
  });
}

std::string joined_runs(const std::string& text) {
  const auto document = Document::create(text);
  const auto runs = document->stages()[0].all<Run>();
  const auto edit = join(runs.at(0), runs.at(1));
  if (!edit) return "none";
  return apply_edits(text, std::vector{edit->change}).value_or("conflict");
}

}  // namespace

TEST_CASE("a command is appended in the author's way") {
  CHECK(appended("RUN a && b\n") == "RUN a && b && rm x\n");
  CHECK(appended("RUN a") == "RUN a && rm x");
  CHECK(appended("RUN a;\n") == "RUN a; rm x\n");
  CHECK(appended("RUN a \\\n && b c\n") == "RUN a \\\n && b c \\\n && rm x\n");
  CHECK(appended("RUN a && \\\n    b\n") == "RUN a && \\\n    b && \\\n    rm x\n");
  CHECK(appended("RUN a \\\n  && b \\\n      c \\\n      d\n") ==
        "RUN a \\\n  && b \\\n      c \\\n      d \\\n  && rm x\n");
  CHECK(appended("FROM x\r\nRUN a \\\r\n\t&& b\r\n") ==
        "FROM x\r\nRUN a \\\r\n\t&& b \\\r\n\t&& rm x\r\n");
  const std::string backtick = "# escape=`\nFROM alpine\nSHELL [\"sh\", \"-c\"]\nRUN a `\n && b";
  CHECK(appended(backtick + "\n") == backtick + " `\n && rm x\n");
  CHECK(appended("RUN <<EOF\n  a\nEOF\n") == "RUN <<EOF\n  a\n  rm x\nEOF\n");
  CHECK(appended("RUN if a; then b; fi\n") == "RUN if a; then b; fi && rm x\n");
  for (const std::string text :
       {"RUN [\"a\"]\n", "RUN a # why\n", "RUN a &\n", "RUN cat <<A >b\nx\nA\n"})
    CHECK(appended(text) == "none");
}

TEST_CASE("a command is taken out of a chain") {
  const std::string leading = "RUN a \\\n && b 1 \\\n # why\n && c\n";
  CHECK(without_command(leading, 0) == "RUN b 1 \\\n # why\n && c\n");
  CHECK(without_command(leading, 1) == "RUN a \\\n # why\n && c\n");
  CHECK(without_command(leading, 2) == "RUN a \\\n && b 1\n");
  CHECK(without_command("RUN a && \\\n    b && \\\n    c\n", 1) == "RUN a && \\\n    c\n");
  CHECK(without_command("RUN a; b > f; c\n", 1) == "RUN a; c\n");
  CHECK(without_command("FROM x\nRUN a\nCMD b\n", 0) == "FROM x\nCMD b\n");
  CHECK(without_command("RUN a | b && c\n", 0) == "none");
  CHECK(without_command("RUN ! a && b\n", 0) == "none");
  CHECK(without_command("RUN ! a\n", 0) == "none");
  CHECK(without_command("RUN echo ! && b && c\n", 1) == "RUN echo ! && c\n");
  CHECK(without_command("RUN a || b\n", 1) == "none");
  CHECK(without_command("RUN if a; then b; fi\n", 1) == "none");
  CHECK(without_command("RUN (a && b)\n", 0) == "none");
  CHECK(without_command("RUN (a && b)\n", 1) == "none");
  CHECK(without_command("RUN <<E\na\n  b 1\nE\n", 0) == "RUN <<E\n  b 1\nE\n");
  CHECK(without_command("RUN <<E\na\n  b 1\nE\n", 1) == "RUN <<E\na\nE\n");
  CHECK(without_command("RUN <<E\na\n\nb \\\n  1\nE\n", 1) == "RUN <<E\na\n\nE\n");
  CHECK(without_command("RUN <<E\n{\na\n}\nb\nE\n", 0) == "none");
  CHECK(without_command("RUN <<E\na |\nb\nE\n", 1) == "none");
  CHECK(without_command("RUN <<E\na &&\nb\nE\n", 1) == "none");
  CHECK(without_command("RUN <<E\nif a; then\nb\nfi\nE\n", 1) == "none");
  CHECK(without_command("RUN <<E\na # why\nb\nE\n", 0) == "none");
}

TEST_CASE("a command is replaced") {
  const auto replaced = [](const std::string& text, std::size_t index) {
    return changed(text,
                   [&](const Run& run) { return replace_command(run.commands()[index], "x y"); });
  };
  CHECK(replaced("RUN a && b \\\n  c && d\n", 1) == "RUN a && x y && d\n");
  CHECK(replaced("RUN [\"a\"]\n", 0) == "none");
}

TEST_CASE("a package is taken out of a call") {
  const std::string text = "RUN apt-get install -y \\\n    a \\\n    b=1 \\\n    c \\\n && rm x\n";
  CHECK(without_packages(text, 0, {0}) ==
        "RUN apt-get install -y \\\n    b=1 \\\n    c \\\n && rm x\n");
  CHECK(without_packages(text, 0, {1}) ==
        "RUN apt-get install -y \\\n    a \\\n    c \\\n && rm x\n");
  CHECK(without_packages(text, 0, {2}) ==
        "RUN apt-get install -y \\\n    a \\\n    b=1 \\\n && rm x\n");
  CHECK(without_packages("RUN apk add a && b\n", 0, {0}) == "RUN b\n");
  CHECK(without_packages("FROM y\nRUN apk add a\nCMD b\n", 0, {0}) == "FROM y\nCMD b\n");
  CHECK(without_packages(text, 0, {0, 1}) == "RUN apt-get install -y \\\n    c \\\n && rm x\n");
  CHECK(without_packages(text, 0, {0, 2}) == "RUN apt-get install -y \\\n    b=1 \\\n && rm x\n");
  CHECK(without_packages(text, 0, {1, 2}) == "RUN apt-get install -y \\\n    a \\\n && rm x\n");
  CHECK(without_packages(text, 0, {0, 1, 2}) == "RUN rm x\n");
  CHECK(without_packages("FROM x\nENV P=\"a b\"\nRUN apk add $P c\n", 0, {0}) == "none");
  CHECK(without_packages("FROM x\nENV P=\"a b\"\nRUN apk add $P c\n", 0, {2}) ==
        "FROM x\nENV P=\"a b\"\nRUN apk add $P\n");
  CHECK(without_packages("RUN [\"apk\", \"add\", \"a\", \"b\"]\n", 0, {1}) ==
        "RUN [\"apk\", \"add\", \"a\"]\n");
}

TEST_CASE("a package is put in place of another") {
  CHECK(with_package("RUN apk add a=1 b\n", "c") == "RUN apk add c b\n");
  CHECK(with_package("RUN P='a b'; apk add $P\n", "c") == "none");
  CHECK(with_package("RUN apk add \"a\"\n", "c") == "RUN apk add \"c\"\n");
}

TEST_CASE("several commands are taken out of a chain") {
  CHECK(without_commands("RUN a && b && c && d\n", {0, 1}) == "RUN c && d\n");
  CHECK(without_commands("RUN a && b && c && d\n", {1, 2}) == "RUN a && d\n");
  CHECK(without_commands("RUN a && b && c && d\n", {0, 3}) == "RUN b && c\n");
  CHECK(without_commands("RUN a && b && c && d\n", {2, 3}) == "RUN a && b\n");
  CHECK(without_commands("FROM x\nRUN a && b\n", {0, 1}) == "FROM x\n");
  CHECK(without_commands("RUN a && b | c && d\n", {0, 1}) == "none");
  CHECK(without_commands("RUN (a && b) && c\n", {0, 1}) == "none");
}

TEST_CASE("an argument is added behind another") {
  CHECK(with_argument("RUN a b c\n", 0) == "RUN a b -x c\n");
  CHECK(with_argument("RUN a b \\\n  c\n", 1) == "RUN a b \\\n  c -x\n");
  CHECK(with_argument("RUN [\"a\", \"b\"]\n", 0) == "RUN [\"a\", \"b\", \"-x\"]\n");
  CHECK(with_argument("RUN [\"sh\", \"-c\", \"a b c\"]\n", 0) ==
        "RUN [\"sh\", \"-c\", \"a b -x c\"]\n");
}

TEST_CASE("a word is quoted for where it stands") {
  CHECK(with_word("RUN a b\n", 0, "c") == "RUN a c\n");
  CHECK(with_word("RUN a b\n", 0, "c d") == "RUN a 'c d'\n");
  CHECK(with_word("RUN a b\n", 0, "it's") == "RUN a 'it'\\''s'\n");
  CHECK(with_word("RUN a \"b\"\n", 0, "c\"$d") == "RUN a \"c\\\"\\$d\"\n");
  CHECK(with_word("RUN a 'b'\n", 0, "$c") == "RUN a '$c'\n");
  CHECK(with_word("RUN [\"a\", \"b\"]\n", 0, "c\"d e") == "RUN [\"a\", \"c\\\"d e\"]\n");
}

TEST_CASE("two RUNs become one") {
  CHECK(joined_runs("FROM x\nRUN a\nRUN b\nCMD c\n") == "FROM x\nRUN a \\\n    && b\nCMD c\n");
  CHECK(joined_runs("FROM x\nRUN a && \\\n  b\n\n# why\nRUN c \\\n  d\n") ==
        "FROM x\nRUN a && \\\n  b && \\\n  # why\n  c \\\n  d\n");
  CHECK(joined_runs("FROM x\r\nRUN a\r\nRUN b\r\n") == "FROM x\r\nRUN a \\\r\n    && b\r\n");
  CHECK(joined_runs("FROM x\nRUN --mount=type=ssh a\nRUN --mount=type=ssh b\n") ==
        "FROM x\nRUN --mount=type=ssh a \\\n    && b\n");
  CHECK(joined_runs("FROM x\nRUN --mount=type=ssh a\nRUN b\n") == "none");
  CHECK(joined_runs("FROM x\nRUN a\nUSER b\nRUN c\n") == "none");
  // What would run, or succeed, although the first one has failed.
  for (const char* second : {"b; c", "b || true", "b &", "b && c; d"})
    CHECK(joined_runs(std::string("FROM x\nRUN a\nRUN ") + second + "\n") == "none");
  for (const char* second : {"b | c", "b && c", "sh -c 'b; c'", "b $(c; d)"}) {
    const std::string joined = std::string("FROM x\nRUN a \\\n    && ") + second + "\n";
    CHECK(joined_runs(std::string("FROM x\nRUN a\nRUN ") + second + "\n") == joined);
  }
  CHECK(joined_runs("FROM x\nRUN a\nRUN <<EOF\nb\nEOF\n") == "none");
}

TEST_CASE("a comment does not become a directive") {
  const auto without_first = [](const std::string& text) {
    const auto document = Document::create(text);
    const Edit edit = remove(document->instructions()[0]);
    return apply_edits(text, std::vector{edit.change}).value_or("conflict");
  };
  CHECK(without_first("FROM a\n# escape=`\nFROM b\n") == "\n# escape=`\nFROM b\n");
  CHECK(without_first("# syntax=x\nFROM a\n# escape=`\nFROM b\n") ==
        "# syntax=x\n\n# escape=`\nFROM b\n");
  CHECK(without_first("# why\nFROM a\n# escape=`\nFROM b\n") == "# why\n# escape=`\nFROM b\n");
  CHECK(without_first("FROM a\nFROM b\n") == "FROM b\n");
}

namespace {

struct Shape {
  std::string text;
  Keyword kind;
  bool operator==(const Shape&) const = default;
};

std::vector<Shape> shapes(const Document& document) {
  std::vector<Shape> shapes;
  for (const Instruction& instruction : document.instructions()) {
    const Span span = instruction.span();
    shapes.push_back(
        {std::string(document.text().substr(span.begin, span.size())), instruction.kind()});
  }
  return shapes;
}

// That `edit` of instruction `index` makes `grown` more instructions and leaves all others as they were.
void check_others(const Document& before, std::uint32_t index, const Edit& edit, int grown) {
  const std::string text(before.text());
  const auto result = apply_edits(text, std::vector{edit.change});
  REQUIRE(result);
  INFO("instruction " << index << " of:\n" << text << "\nbecomes:\n" << *result);
  const auto after = Document::create(*result);
  CHECK(after->faults().size() == before.faults().size());
  CHECK(after->directives().size() == before.directives().size());
  const auto old_shapes = shapes(before);
  const auto new_shapes = shapes(*after);
  REQUIRE(static_cast<int>(new_shapes.size()) == static_cast<int>(old_shapes.size()) + grown);
  for (std::size_t i = 0; i < index; ++i) CHECK(new_shapes[i] == old_shapes[i]);
  for (std::size_t i = index + 1; i < old_shapes.size(); ++i)
    CHECK(new_shapes[static_cast<std::size_t>(static_cast<int>(i) + grown)] == old_shapes[i]);
}

}  // namespace

TEST_CASE("edits leave all other instructions as they were") {
  const std::vector<std::string> texts = {
      "# syntax=docker/dockerfile:1\nFROM a AS b\n# escape=`\nRUN x \\\n  && y \\\n  # why\n  && "
      "z\nCMD c",
      "FROM a\r\nRUN x && \\\r\n    y; z\r\nENV A=1 \\\r\n    B=\"2 3\"\r\nUSER u\r\n",
      "# escape=`\nFROM a\nRUN x `\n && y\nCOPY --chown=a:b c `\n d /e/\nEXPOSE 1 2\n",
      "FROM a\nRUN --mount=type=ssh <<EOF\nx\n  y\nEOF\nCOPY <<A <<B /c/\n1\nA\n2\nB\nRUN [\"x\", "
      "\"y\"]\n\n",
      "\xEF\xBB\xBF"
      "FROM a\n  run x\n\n# c\n  RUN apt-get install -y \\\n  \n   p \\\n   q\nlabel a b c\n",
      "FROM a\nRUN if x; then y; fi; for i in 1 2; do z $i; done\nRUN x | y || z\nRUN (x; y) > f\n",
  };
  std::size_t edits = 0;
  for (const std::string& text : texts) {
    const auto document = Document::create(text);
    for (const Instruction& instruction : document->instructions()) {
      const std::uint32_t at = instruction.index();
      const auto check = [&](const std::optional<Edit>& edit, int grown) {
        if (!edit) return;
        ++edits;
        check_others(*document, at, *edit, grown);
      };
      check(remove(instruction), -1);
      check(add_flag(instruction, "--link"), 0);
      for (const Flag& flag : instruction.flags()) check(remove(instruction, flag), 0);
      if (at > 0) {
        const Edit before = insert_before(instruction, {"WORKDIR /w"});
        const Edit behind = insert_after(instruction, {"WORKDIR /w"});
        const auto result = apply_edits(text, std::vector{before.change});
        REQUIRE(result);
        CHECK(Document::create(*result)->instructions().size() ==
              document->instructions().size() + 1);
        check(behind, 1);
      }
      if (instruction.kind() != Keyword::run) continue;
      const Run run(instruction);
      check(append_command(run, "rm -rf /tmp/x"), 0);
      const auto commands = run.commands();
      for (const Command& command : commands) {
        check(replace_command(command, "x --y"), 0);
        check(remove_command(command), commands.size() == 1 ? -1 : 0);
        for (std::size_t i = 0; i < command.arguments().size(); ++i) {
          check(remove_argument(command, i), 0);
          check(replace(command.arguments()[i], "it's \"$x\""), 0);
        }
      }
    }
  }
  CHECK(edits > 100);
}
