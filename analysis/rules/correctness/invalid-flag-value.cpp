#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysis/facts/instructions.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/arguments.h"
#include "analysis/rules/flag_values.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(',');
    parts.push_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  return parts;
}

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// What is wrong, where, and what to write instead, if that can be told.
class Complaint {
 public:
  Complaint(const Instruction& instruction, Report& report)
      : instruction_(instruction), report_(report) {}

  FindingBuilder operator()(Span place, std::string message) const {
    return report_.at(place, std::move(message)).severity(fault_severity(instruction_));
  }
  void operator()(Span place, std::string message, std::string_view written,
                  const std::vector<std::string_view>& allowed, Span value) const {
    auto finding = (*this)(place, std::move(message));
    if (const auto nearest = nearest_spelling(written, allowed))
      finding.fix(Safety::unsafe, fmt::format("Replace with {}", *nearest),
                  replace(value, std::string(*nearest)));
  }

 private:
  const Instruction& instruction_;
  Report& report_;
};

// ---- RUN --mount and --device.

// One mount, its options read in order as BuildKit does: what an option may be depends on the type
// that is in force where it stands.
class MountCheck {
 public:
  MountCheck(const Run& run, const Flag& flag, const Word& value, const Complaint& complain,
             Report& report)
      : run_(run), flag_(flag), value_(value), complain_(complain), report_(report) {}

  void check() {
    const auto fields = csv_fields(value_.text());
    if (!fields) {
      complain_(flag_.span(),
                value_.text().empty()
                    ? "--mount needs options, such as type=cache,target=/cache"
                    : "The quotes in this --mount are wrong: they may only hold a whole "
                      "option");
      return;
    }
    for (const CsvField& field : *fields) {
      if (!option(field)) return;
    }
    whole();
  }

 private:
  Span place(const CsvField& field) const {
    return value_.part(field.begin, field.end - field.begin);
  }
  // Of a part of its text, inside of quotes around the field.
  Span place(const CsvField& field, std::size_t begin, std::size_t size) const {
    const bool quoted = field.end - field.begin != field.text.size();
    return value_.part(field.begin + begin + (quoted ? 1 : 0), size);
  }

  // False where the builder stops reading.
  bool option(const CsvField& field) {
    const std::size_t equals = field.text.find('=');
    const std::string key = lower_case(field.text.substr(0, equals));
    const auto known = std::ranges::find(facts::mount_options(), key, &facts::MountOption::name);
    if (known == facts::mount_options().end()) {
      std::vector<std::string_view> names;
      for (const facts::MountOption& option : facts::mount_options()) names.push_back(option.name);
      const Span name = equals == 0 || field.text.empty()
                            ? place(field)
                            : place(field, 0, std::min(equals, field.text.size()));
      complain_(place(field),
                key.empty() ? "There is an option without a name in this --mount"
                            : fmt::format("--mount has no option {}", key),
                key, names, name);
      return false;
    }
    if (equals == std::string::npos && !known->bare) {
      complain_(place(field), fmt::format("{} needs a value in --mount", key));
      return false;
    }
    if (key == "required" || key == "size") {
      if (!type_takes(*known)) {
        refuse(field, key);
        return !type_known_;
      }
    }
    if (equals == std::string::npos) return true;
    const std::string written = field.text.substr(equals + 1);
    if (key == "from") {
      const std::size_t dollar = written.find('$');
      if (dollar != std::string::npos && dollar + 1 != written.size()) {
        complain_(place(field),
                  "No variable can stand in from=; give the image a stage of its own, "
                  "where FROM can have one");
        return false;
      }
    }
    const Value value = run_.expand(written);
    if (!value.known || has_template_mark(value.text)) {
      if (key == "type") type_known_ = false;
      set_.insert(key);
      unknown_.insert(key);
      return true;
    }
    set_.insert(key);
    if (!value.text.empty()) filled_.insert(key);
    if (key == "target" || key == "dst" || key == "destination") target_ = value.text;
    return check_value(field, *known, value.text, place(field, equals + 1, written.size()));
  }

  bool check_value(const CsvField& field, const facts::MountOption& option, const std::string& text,
                   Span value_span) {
    const std::vector<std::string_view> types = {"bind", "cache", "tmpfs", "secret", "ssh"};
    const std::vector<std::string_view> sharings = {"shared", "private", "locked"};
    std::string problem;
    switch (option.kind) {
      case facts::MountOptionKind::type:
        if (!contains(types, lower_case(text))) {
          complain_(place(field),
                    fmt::format("{} is no type of mount; there are bind, cache, tmpfs, "
                                "secret and ssh",
                                text.empty() ? "An empty text" : text),
                    text, types, value_span);
          return false;
        }
        type_ = lower_case(text);
        type_known_ = true;
        return true;
      case facts::MountOptionKind::sharing:
        if (!contains(sharings, lower_case(text))) {
          complain_(place(field), fmt::format("sharing is shared, private or locked, not {}", text),
                    text, sharings, value_span);
          return false;
        }
        return true;
      case facts::MountOptionKind::boolean:
        if (!is_boolean(text))
          problem = fmt::format("{} is true or false, not {}", option.name, text);
        break;
      case facts::MountOptionKind::octal:
        if (!is_unsigned(text, 8))
          problem = fmt::format("{} is an octal number, not {}", option.name, text);
        break;
      case facts::MountOptionKind::number:
        if (!is_unsigned(text, 10))
          problem = fmt::format("{} is a number, not {}", option.name, text);
        break;
      case facts::MountOptionKind::size:
        if (!is_size(text))
          problem = fmt::format("{} is a size such as 64m, not {}", option.name, text);
        break;
      case facts::MountOptionKind::source:
      case facts::MountOptionKind::text:
        break;
    }
    if (problem.empty()) return true;
    complain_(place(field), problem);
    return false;
  }

  bool type_takes(const facts::MountOption& option) const {
    return !type_known_ || option.types.empty() || contains(split(option.types), type_);
  }
  void refuse(const CsvField& field, std::string_view key) const {
    complain_(place(field), fmt::format("A mount of type {} does not take {}", type_, key));
  }

  // What only shows when all options are read.
  void whole() {
    if (!type_known_) return;
    const Span place = flag_.span();
    for (const facts::MountOption& option : facts::mount_options()) {
      const bool in_order = option.name == "required" || option.name == "size";
      // An empty from= or sharing= is as good as none.
      const bool given = option.kind == facts::MountOptionKind::source ||
                                 option.kind == facts::MountOptionKind::sharing
                             ? filled_.contains(std::string(option.name))
                             : set_.contains(std::string(option.name));
      if (in_order || !given || type_takes(option)) continue;
      complain_(place, fmt::format("A mount of type {} does not take {}", type_, option.name));
      return;
    }
    const auto has = [&](std::string_view a, std::string_view b, std::string_view c) {
      return filled_.contains(std::string(a)) || filled_.contains(std::string(b)) ||
             filled_.contains(std::string(c)) || unknown_.contains(std::string(a)) ||
             unknown_.contains(std::string(b)) || unknown_.contains(std::string(c));
    };
    const bool source = has("source", "src", "src");
    const bool target = has("target", "dst", "destination");
    if (type_ == "secret") {
      if (!source && !target && !has("id", "id", "id"))
        complain_(place, "This mount does not say which secret: it needs id=");
      else if (filled_.contains("id") && (filled_.contains("source") || filled_.contains("src")))
        complain_(place, "id and source both name the secret; one of them is enough");
    } else if (type_ != "ssh") {
      check_target(has("target", "dst", "destination"));
    }
  }

  // Relative to the working folder, and never the root.
  void check_target(bool given) {
    if (given && target_.empty()) return;  // not known
    const auto stage = run_.stage();
    const Value folder = stage ? stage->state_before(run_.index()).folder : Value{.known = false};
    const Value target = target_.empty() ? folder : joined(folder, {target_, true, {}});
    if (target.known && target.text == "/") {
      complain_(flag_.span(),
                given ? "A mount cannot take the place of the root folder"
                      : "This mount needs target=: the working folder is the root here");
    } else if (!given && !folder.known) {
      report_.at(flag_.span(), "This mount has no target=, so it hides the working folder")
          .severity(Severity::warning);
    }
  }

  const Run& run_;
  const Flag& flag_;
  const Word& value_;
  const Complaint& complain_;
  Report& report_;
  std::string target_;  // where it is known
  std::string type_ = "bind";
  bool type_known_ = true;
  std::unordered_set<std::string> set_;      // options that have a value
  std::unordered_set<std::string> filled_;   // those whose value is not empty
  std::unordered_set<std::string> unknown_;  // those whose value cannot be told
};

void check_device(const Flag& flag, const Word& value, const Complaint& complain) {
  const auto fields = csv_fields(value.text());
  if (!fields) {
    complain(flag.span(), "--device needs the name of a device");
    return;
  }
  bool named = false;
  for (const CsvField& field : *fields) {
    const std::size_t equals = field.text.find('=');
    const std::string key = lower_case(field.text.substr(0, equals));
    const std::string text = equals == std::string::npos ? "" : field.text.substr(equals + 1);
    const Span place = value.part(field.begin, field.end - field.begin);
    if (key == "required") {
      if (equals == std::string::npos || is_boolean(text)) continue;
      complain(place, fmt::format("required is true or false, not {}", text));
      return;
    }
    if (named) {
      complain(place, key == "name" ? "This device has a name already"
                                    : fmt::format("--device knows name and required, not {}", key));
      return;
    }
    named = key == "name" && equals != std::string::npos ? !text.empty() : !field.text.empty();
  }
}

// ---- The other flags.

bool is_remote(std::string_view source) {
  return is_url(source) || source.starts_with("github.com/") ||
         source.find(".git") != std::string_view::npos;
}

std::optional<std::string> checksum_fault(const Instruction& add, const std::string& checksum) {
  if (checksum.empty()) return std::nullopt;
  std::vector<Value> sources;
  const auto words = add.words();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].text().find("<<") == std::string_view::npos) sources.push_back(words[i].value());
  }
  if (sources.size() != 1) return "--checksum goes with a single source";
  if (!sources[0].known) return std::nullopt;
  if (!is_remote(sources[0].text))
    return fmt::format("--checksum is for what is downloaded, and {} is not", sources[0].text);
  const bool http =
      sources[0].text.starts_with("http") && sources[0].text.find(".git") == std::string::npos;
  const std::size_t colon = checksum.find(':');
  const std::string algorithm = checksum.substr(0, colon);
  const std::size_t size = algorithm == "sha256"   ? 64
                           : algorithm == "sha384" ? 96
                           : algorithm == "sha512" ? 128
                                                   : 0;
  const std::string digits = colon == std::string::npos ? "" : checksum.substr(colon + 1);
  const bool hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (http && (size == 0 || digits.size() != size || !hex))
    return fmt::format("{} is no checksum: sha256: and 64 hexadecimal digits", checksum);
  return std::nullopt;
}

bool may_be_value(std::string_view text, const facts::Flag& flag) {
  switch (flag.kind) {
    case facts::FlagKind::boolean:
      return false;
    case facts::FlagKind::checksum:
      return text.find(':') != std::string_view::npos;
    case facts::FlagKind::choice:
      return contains(split(flag.values), text);
    case facts::FlagKind::duration:
      return !duration_fault(text);
    case facts::FlagKind::mode:
      return !mode_fault(text);
    case facts::FlagKind::mount:
      return text.find('=') != std::string_view::npos;
    case facts::FlagKind::number:
      return is_unsigned(text, 10);
    case facts::FlagKind::platform:
      return !platform_fault(text);
    case facts::FlagKind::device:
    case facts::FlagKind::owner:
    case facts::FlagKind::source:
    case facts::FlagKind::text:
      return true;
  }
  return false;
}

// `--interval 30s`: an equals sign for the blank, where the word behind it may be the value and leaves the
// instruction enough.
void offer_equals(const Instruction& instruction, const Flag& flag, const facts::Flag& fact,
                  FindingBuilder& finding) {
  if (instruction.is_json()) return;
  const auto words = quoted_words(arguments(instruction), instruction.document().escape());
  const bool transfers = instruction.kind() == Keyword::add || instruction.kind() == Keyword::copy;
  if (words.size() < (transfers ? 3 : 2) || !may_be_value(words[0], fact)) return;
  const Span gap{flag.span().end, place_of(instruction, words[0]).begin};
  if (!std::ranges::all_of(instruction.document().text(gap), is_blank)) return;
  finding.fix(Safety::unsafe, fmt::format("Write --{}={}", fact.name, words[0]), replace(gap, "="));
}

void check_flag(const Instruction& instruction, const Flag& flag, const facts::Flag& fact,
                const Complaint& complain, Report& report) {
  const std::string name = "--" + std::string(fact.name);
  const auto word = flag.value();
  if (fact.kind == facts::FlagKind::boolean) {
    if (!word) return;
    const std::string text = lower_case(word->text());
    if (text.empty()) {
      complain(flag.span(), fmt::format("{} lacks its value behind =", name));
    } else if (text != "true" && text != "false") {
      complain(flag.span(), fmt::format("{} is true or false, not {}", name, word->text()));
    }
    return;
  }
  if (!word) {
    auto finding = complain(flag.span(), fmt::format("{} needs a value", name));
    offer_equals(instruction, flag, fact, finding);
    return;
  }
  // Of a value from a variable that nothing defines here nobody can tell.
  const std::string_view written = word->text();
  if (has_template_mark(written)) return;
  const auto expanded = [&]() -> std::optional<std::string> {
    Value value = instruction.expand(written);
    return value.known ? std::optional(std::move(value.text)) : std::nullopt;
  };
  std::optional<std::string> fault;
  switch (fact.kind) {
    case facts::FlagKind::choice: {
      const auto allowed = split(fact.values);
      if (contains(allowed, written)) return;
      complain(flag.span(),
               fmt::format("{} is {}, not {}", name, fmt::join(allowed, " or "),
                           written.empty() ? "empty" : written),
               written, allowed, word->span());
      return;
    }
    case facts::FlagKind::duration:
      if (!written.empty()) fault = duration_fault(written);
      break;
    case facts::FlagKind::number: {
      const std::string_view digits = written.starts_with('+') ? written.substr(1) : written;
      const bool fits = is_unsigned(digits, 10) && (digits.size() < 10 || digits <= "2147483647");
      if (!written.empty() && !fits) fault = "is no number of tries";
      break;
    }
    case facts::FlagKind::mode:
      if (const auto text = expanded()) fault = mode_fault(*text);
      break;
    case facts::FlagKind::platform:
      if (const auto text = expanded(); text && !written.empty() && !text->empty())
        fault = platform_fault(*text);
      break;
    case facts::FlagKind::owner: {
      const auto text = expanded();
      if (text && is_linked(instruction) && has_name(*text))
        fault = "needs numbers next to --link, which knows no names of accounts";
      break;
    }
    case facts::FlagKind::checksum:
      if (const auto text = expanded()) {
        if (const auto problem = checksum_fault(instruction, *text))
          complain(flag.span(), *problem);
      }
      return;
    case facts::FlagKind::source: {
      const Value value = instruction.expand(written);
      if (!value.variables.empty())
        complain(flag.span(),
                 "No variable can stand in --from; give the image a stage of its own, "
                 "where FROM can have one");
      return;
    }
    case facts::FlagKind::mount:
      MountCheck(Run(instruction), flag, *word, complain, report).check();
      return;
    case facts::FlagKind::device:
      check_device(flag, *word, complain);
      return;
    case facts::FlagKind::boolean:
    case facts::FlagKind::text:
      return;
  }
  if (fault) complain(flag.span(), fmt::format("{}={} {}", name, written, *fault));
}

// HEALTHCHECK NONE drops its flags unseen.
bool reads_flags(const Instruction& instruction) {
  const auto words = instruction.words();
  return instruction.kind() != Keyword::healthcheck || words.empty() ||
         !equals_ignoring_case(words[0].text(), "none");
}

void check(const Instruction& instruction, Report& report) {
  const auto known = facts::flags_of(name(instruction.kind()));
  if (known.empty() || instruction.flags().empty() || !reads_flags(instruction)) return;
  const Complaint complain(instruction, report);
  std::vector<Flag> seen;
  for (const Flag& flag : instruction.flags()) {
    const auto fact = std::ranges::find(known, flag.name().text(), &facts::Flag::name);
    if (fact == known.end()) continue;  // the flag itself is what is wrong
    const auto before = std::ranges::find_if(
        seen, [&](const Flag& other) { return other.name().text() == fact->name; });
    if (before != seen.end() && !fact->repeatable) {
      report.at(flag, fmt::format("--{} may be given once only", fact->name))
          .severity(fault_severity(instruction))
          .related(*before, "the first one");
      continue;
    }
    if (before == seen.end()) seen.push_back(flag);
    check_flag(instruction, flag, *fact, complain, report);
  }
}

}  // namespace

extern constinit const Rule invalid_flag_value{
    .id = "invalid-flag-value",
    .title = "Flag with a value that it cannot have",
    .category = Category::correctness,
    .severity = Severity::error,
    .aliases = {"dockerfile-utils:FLAG_DUPLICATE", "dockerfile-utils:FLAG_INVALID_DURATION",
                "dockerfile-utils:FLAG_LESS_THAN_1MS", "dockerfile-utils:FLAG_MISSING_DURATION",
                "dockerfile-utils:FLAG_MISSING_VALUE", "dockerfile-utils:FLAG_UNKNOWN_UNIT",
                "dockerfile-utils:FLAG_INVALID_FROM_VALUE",
                "dockerfile-utils:FLAG_INVALID_LINK_VALUE",
                "dockerfile-utils:FLAG_EXPECTED_BOOLEAN_VALUE",
                "dockerfilelint:healthcheck_options_missing_args"},
    .why = R"(
The builder refuses a flag without its value, one that is given twice, and values that make no sense to it: a
time without a unit, a mode that is none, an option that a mount of that type does not take. `--from` and `from=`
take no variables; a stage of its own (`FROM image:${TAG} AS tools`) does. A value stands behind `=`: behind a
blank (`--interval 30s`) it is the first of the arguments.

The rule is silent where the value comes from a variable that only the build command or the base image knows.
Where the right word can be guessed, or the `=` is missing, there is a fix; a guess, so it is unsafe.
)",
    .bad = R"(
FROM debian:13-slim
RUN --network=nonne make test
)",
    .good = R"(
FROM debian:13-slim
RUN --network=none make test
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#run---mount",
                   "https://docs.docker.com/reference/dockerfile/#healthcheck"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
