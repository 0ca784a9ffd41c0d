#include "analysis/rules/written_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <set>

#include "analysis/facts/registries.h"
#include "analysis/rules/command_options.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view blanks = " \t";

bool is_name_character(char c) {
  return (lower_case(c) >= 'a' && lower_case(c) <= 'z') || is_digit(c) || c == '_' || c == '-' ||
         c == ':' || c == '.';
}

// Where the line of text[at] begins.
std::size_t line_of(std::string_view text, std::size_t at) {
  const std::size_t feed = text.substr(0, at).rfind('\n');
  const std::size_t escape = text.substr(0, at).rfind("\\n");
  const std::size_t begin = feed == std::string_view::npos ? 0 : feed + 1;
  return escape == std::string_view::npos ? begin : std::max(begin, escape + 2);
}

// The value behind a name that ends at `at`; none where no setting stands there.
std::optional<Span> value_at(std::string_view text, std::size_t at) {
  const auto skip = [&](std::string_view characters) {
    at = std::min(text.find_first_not_of(characters, at), text.size());
  };
  const std::size_t name_end = at;
  const auto end_of_value = [&] {
    return std::min(text.find_first_of(" \t\r\n\"'\\;,]|/#", at), text.size());
  };
  skip(blanks);
  if (at == text.size()) return std::nullopt;
  if (text[at] == '=' || text[at] == ':') {
    ++at;
    skip(blanks);
    skip("\\\"'");
  } else {
    const bool is_quoted = text[at] == '"' || text.substr(at).starts_with("\\\"");
    const bool is_closed = text.substr(end_of_value()).starts_with(';');
    if (at == name_end || !(is_quoted || is_closed)) return std::nullopt;
    skip("\\\"");
  }
  const std::size_t end = end_of_value();
  if (end == at) return std::nullopt;
  return Span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
}

// The end of a value with the quote that closes it, if one opens it.
std::uint32_t behind_quote(std::string_view text, Span value) {
  const char quote = text[value.begin - 1];
  if (quote != '"' && quote != '\'') return value.end;
  std::size_t at = value.end;
  if (text.substr(at).starts_with('\\')) ++at;
  return text.substr(at).starts_with(quote) ? static_cast<std::uint32_t>(at + 1) : value.end;
}

// What `s/pattern/replacement/` puts in, for each such command in a script of sed that changes something, a
// line each.
std::string replacements(std::string_view script) {
  std::string out;
  for (std::size_t at = script.find('s'); at < script.size(); at = script.find('s', at + 1)) {
    const bool begins = at == 0 || std::string_view(" \t;{}/$0123456789\n").find(script[at - 1]) !=
                                       std::string_view::npos;
    const char delimiter = at + 1 < script.size() ? script[at + 1] : 'a';
    if (!begins || is_name_character(delimiter) || is_blank(delimiter)) continue;
    const std::size_t middle = script.find(delimiter, at + 2);
    if (middle == std::string_view::npos) break;
    const std::size_t end = std::min(script.find(delimiter, middle + 1), script.size());
    const std::string_view pattern = script.substr(at + 2, middle - at - 2);
    const std::string_view put_in = script.substr(middle + 1, end - middle - 1);
    if (pattern != put_in) out.append(put_in) += '\n';
    at = end;
  }
  return out;
}

// Whether all that the command, sed or a find that calls it, does is one `s/pattern/replacement/`.
bool is_one_replacement(const Command& command) {
  std::size_t scripts = 0;
  std::size_t given = 0;  // by -e, or to programs
  for (const shell::Argument& text : command.argument_texts()) {
    if (!text || is_listed(*text, "-f -delete -execdir -ok")) return false;
    if (is_listed(*text, "-e -exec --expression") && ++given > 1) return false;
    if (text->starts_with("--expression=") || replacements(*text).empty()) continue;
    if (text->find_first_of(";{}\n") != std::string::npos) return false;
    ++scripts;
  }
  return scripts == 1;
}

// Whether what is replaced is the setting with `value`.
bool replaces(const WrittenSetting& setting, std::string_view value) {
  const std::string put_in = setting.text.substr(0, setting.text.find('\n'));
  std::string before = put_in;
  before.replace(setting.in_text.value.begin, setting.in_text.value.size(), value);
  return std::ranges::any_of(setting.sed->argument_texts(), [&](const shell::Argument& script) {
    const std::size_t at = script ? script->rfind(put_in) : std::string::npos;
    return at != std::string::npos && at > before.size() &&
           script->compare(at - before.size() - 1, before.size(), before) == 0;
  });
}

void add_texts(const Stage& stage, const Effect& effect, const FileEffect& file,
               std::vector<WrittenText>& texts) {
  const Instruction instruction(stage.document(), effect.instruction);
  const auto add = [&](std::string text, Span source, Span place,
                       const std::optional<Command>& sed = {}) {
    texts.push_back(
        {instruction, file.path.text, effect.certain, std::move(text), source, place, sed});
  };
  if (file.text) {
    add(*file.text, file.text_span, effect.span);
  } else if (file.source == FileEffect::Source::command && effect.command) {
    const Command command = instruction.commands()[*effect.command];
    const bool is_behind_find = command.name() == "find" && has_argument(command, "sed");
    if (command.name() != "sed" && !is_behind_find) return;
    const auto sed = is_one_replacement(command) ? std::optional(command) : std::nullopt;
    for (const ShellWord& word : command.arguments())
      add(replacements(word.value().text), word.span(), word.span(), sed);
  }
}

class Reader {
 public:
  Reader(const Document& document, std::string_view names) : document_(document), names_(names) {}

  void read(const WrittenText& from) {
    add({from.instruction, from.path, from.certain, from.text, {}, {}, from.place, from.sed},
        from.source);
  }

  std::vector<WrittenSetting> take() { return std::move(found_); }

 private:
  // The settings in `model.text`, which stands at `source` in the document.
  void add(const WrittenSetting& model, Span source) {
    const std::string_view written = document_.text(source);
    const std::vector<TextSetting> there = settings_in(written, names_);
    const std::vector<TextSetting> all = settings_in(model.text, names_);
    std::vector<WrittenSetting> added;
    auto candidate = there.rbegin();
    // From the end, for what sed looks for stands in front of what it puts in.
    for (const TextSetting& setting : std::views::reverse(all)) {
      WrittenSetting one = model;
      one.in_text = setting;
      const auto same = std::find_if(candidate, there.rend(), [&](const TextSetting& other) {
        return written.substr(other.name.begin, other.name.size()) == one.name() &&
               written.substr(other.value.begin, other.value.size()) == one.value();
      });
      if (same != there.rend()) {
        candidate = std::next(same);
        one.in_document = shifted(*same, source.begin);
        one.place = one.in_document->span;
      }
      // One text may go to several files.
      if (places_.insert(one.place.begin).second) added.push_back(std::move(one));
    }
    found_.insert(found_.end(), std::make_move_iterator(added.rbegin()),
                  std::make_move_iterator(added.rend()));
  }

  const Document& document_;
  std::string_view names_;
  std::vector<WrittenSetting> found_;
  std::set<std::uint32_t> places_;
};

}  // namespace

bool is_commented(std::string_view text, std::size_t at) {
  const std::size_t begin = line_of(text, at);
  const std::size_t mark = text.substr(begin, at - begin).find_first_not_of(" \t\"'");
  if (mark == std::string_view::npos) return false;
  const std::string_view start = text.substr(begin + mark);
  return start.starts_with('#') || start.starts_with(';') || start.starts_with("//");
}

std::vector<TextSetting> settings_in(std::string_view text, std::string_view names) {
  std::vector<TextSetting> found;
  const std::string lower = lower_case(text);
  for (const auto part : std::views::split(names, ' ')) {
    const std::string wanted = lower_case({part.begin(), part.end()});
    for (std::size_t at = lower.find(wanted); at != std::string::npos;
         at = lower.find(wanted, at + 1)) {
      const bool is_escape = at > 1 && lower[at - 2] == '\\';
      if (at > 0 && is_name_character(lower[at - 1]) && !is_escape) continue;
      if (is_commented(text, at)) continue;
      const std::size_t end = at + wanted.size();
      if (const auto value = value_at(text, end)) {
        const auto begin = static_cast<std::uint32_t>(at);
        found.push_back({{begin, behind_quote(text, *value)},
                         {begin, static_cast<std::uint32_t>(end)},
                         *value});
      }
    }
  }
  std::ranges::sort(found, {}, [](const TextSetting& setting) { return setting.span.begin; });
  return found;
}

bool says_off(std::string_view value) {
  return is_listed(lower_case(value), "0 no false off");
}

bool says_on(std::string_view value) {
  return is_listed(lower_case(value), "1 yes true on");
}

std::string_view WrittenSetting::line() const {
  const std::string_view all = text;
  const std::size_t begin = line_of(all, in_text.name.begin);
  return all.substr(begin, all.find('\n', begin) - begin);
}

std::string_view WrittenSetting::section() const {
  const std::string_view all = text;
  const std::size_t heading = all.substr(0, in_text.name.begin).rfind("\n[");
  const std::size_t begin = heading == std::string_view::npos ? 0 : heading;
  return all.substr(begin, all.find("\n[", in_text.name.begin) - begin);
}

WrittenTexts::WrittenTexts(const Stage& stage) {
  each_timeline(stage, [&](const Timeline& timeline) {
    timeline.each<FileEffect>([&](const Effect& effect, const FileEffect& file) {
      const bool counts = file.kind == FileEffect::Kind::writes &&
                          (file.text || file.source == FileEffect::Source::command);
      if (counts) add_texts(stage, effect, file, all);
    });
  });
}

std::vector<WrittenText> written_texts(const Report& report, const Stage& stage,
                                       std::string_view paths) {
  std::vector<WrittenText> texts;
  std::ranges::copy_if(
      report.view<WrittenTexts>(stage).all, std::back_inserter(texts),
      [&](const WrittenText& text) { return facts::matches_any_glob(paths, text.path); });
  return texts;
}

std::vector<WrittenSetting> written_settings(const Report& report, const Stage& stage,
                                             std::string_view paths, std::string_view names) {
  Reader reader(stage.document(), names);
  for (const WrittenText& text : written_texts(report, stage, paths)) reader.read(text);
  return reader.take();
}

void report_setting(Report& report, const WrittenSetting& setting, std::string_view consequence,
                    std::string_view value) {
  auto finding = report.at(
      setting.place, fmt::format("{} in {}: {}", setting.display(), setting.path, consequence));
  if (!setting.certain) finding.severity(Severity::warning);
  const auto edit =
      setting.sed && replaces(setting, value) ? remove_command(*setting.sed) : std::nullopt;
  if (edit) {
    finding.fix(Safety::unsafe, fmt::format("Leave {} as it is", setting.name()), *edit);
    return;
  }
  if (!setting.in_document) return;
  finding.fix(Safety::unsafe, fmt::format("Set {} to {}", setting.name(), value),
              replace(setting.in_document->value, std::string(value)));
}

}  // namespace bulkhead::rules
