#pragma once

// Settings in the configuration files that a build writes, or edits with sed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/effects.h"
#include "analysis/rule.h"

namespace bulkhead::rules {

// NAME=VALUE, NAME = VALUE, NAME: VALUE, NAME "VALUE" or NAME VALUE; as files of the kind `ini`, sources of
// apt and apt.conf have it.
struct TextSetting {
  Span span;  // bytes in the text
  Span name;
  Span value;  // without quotes
};

// `setting`, told from `base` on instead of from 0.
constexpr TextSetting shifted(const TextSetting& setting, std::uint32_t base) {
  return {shifted(setting.span, base), shifted(setting.name, base), shifted(setting.value, base)};
}

// Those in `text` whose name is one of `names`, which stand between blanks, without regard to case; lines
// that are commented out are left alone. `text` may be a script's source: `\n` ends a line as well.
std::vector<TextSetting> settings_in(std::string_view text, std::string_view names);

// Whether the value says "off" (0, no, false, off), or "on" (1, yes, true, on), in any case.
bool says_off(std::string_view value);
bool says_on(std::string_view value);

// A setting that a stage writes.
struct WrittenSetting {
  Instruction instruction;
  std::string path;  // of the file
  bool certain;      // as in Effect
  std::string text;  // all that is written at once, variables resolved; of sed what it puts in
  TextSetting in_text;
  // Where the setting stands in the document; none where a variable holds it.
  std::optional<TextSetting> in_document;
  Span place;                       // to report it at
  std::optional<Command> sed = {};  // that does nothing but to put this in

  std::string_view name() const { return part(in_text.name); }
  std::string_view value() const { return part(in_text.value); }
  // The setting as written: "gpgcheck = 0".
  std::string_view display() const { return part(in_text.span); }
  // The line of `text` that it stands in; and all lines from the [heading] above it to the next.
  std::string_view line() const;
  std::string_view section() const;

 private:
  std::string_view part(Span span) const {
    return std::string_view(text).substr(span.begin, span.size());
  }
};

// A text that a stage writes to a file, or what sed puts in there.
struct WrittenText {
  Instruction instruction;
  std::string path;
  bool certain;  // as in Effect
  std::string text;
  Span source;                      // what says it in the document
  Span place;                       // to report it at
  std::optional<Command> sed = {};  // that does nothing but to put this in
};

// All of a stage, those that its triggers write elsewhere among them. Many rules look for some of few.
struct WrittenTexts {
  explicit WrittenTexts(const Stage& stage);
  std::vector<WrittenText> all;
};

// Those that go to files whose paths match one of `paths`, globs between blanks.
std::vector<WrittenText> written_texts(const Report& report, const Stage& stage,
                                       std::string_view paths);

// Whether the line of text[at] is commented out in front of it.
bool is_commented(std::string_view text, std::size_t at);

// Those of `names` in files whose paths match one of `paths`; both stand between blanks, `*` is any text.
std::vector<WrittenSetting> written_settings(const Report& report, const Stage& stage,
                                             std::string_view paths, std::string_view names);

// Reports one: "gpgcheck=0 in /etc/yum.conf: `consequence`"; as a warning if it is not certain to be
// written. The fix, which is never safe, writes `value` instead, or leaves out the sed that changes nothing else.
void report_setting(Report& report, const WrittenSetting& setting, std::string_view consequence,
                    std::string_view value);

}  // namespace bulkhead::rules
