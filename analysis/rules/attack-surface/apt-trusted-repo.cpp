#include <fmt/format.h>

#include <algorithm>

#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view files = "/etc/apt/sources.list /etc/apt/sources.list.d*";
constexpr std::string_view options = "trusted allow-insecure";
constexpr std::string_view consequence = "apt installs what nobody has signed from this source";

// Nothing comes over a wire: "deb [trusted=yes] file:/srv/repo ./".
bool is_local(std::string_view source) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"file:", "copy:", "cdrom:"},
      [&](std::string_view scheme) { return source.find(scheme) != std::string_view::npos; });
}

// Whether a word of its own begins there: it may also be a part of a URL.
bool begins_word(std::string_view text, std::size_t at) {
  return at == 0 || std::string_view("[ \t\n\"'").find(text[at - 1]) != std::string_view::npos;
}

// Takes the option out of "[arch=amd64 trusted=yes] ", the brackets with it where nothing else is in
// them; or the line "Trusted: yes".
Edit removal(const Document& document, const TextSetting& option) {
  const std::string_view text = document.text();
  std::size_t begin = option.name.begin;
  std::size_t end = option.value.end;
  const auto skip_blanks = [&] { end = std::min(text.find_first_not_of(" \t", end), text.size()); };
  const std::size_t before = text.find_last_not_of(" \t", begin - 1);
  if (text[option.name.end] == ':') {
    end = text.substr(end).starts_with("\\n") ? end + 2
                                              : std::min(text.find('\n', end), text.size() - 1) + 1;
  } else if (text[before] != '[') {
    begin = before + 1;
  } else {
    skip_blanks();
    if (text.substr(end).starts_with("]")) {
      begin = before;
      ++end;
      skip_blanks();
    }
  }
  return replace(Span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, "");
}

void add_fix(FindingBuilder finding, const Document& document, const TextSetting& option) {
  finding.fix(Safety::unsafe, fmt::format("Remove {}", document.text(option.span)),
              removal(document, option));
}

void check_files(const Stage& stage, Report& report) {
  for (const WrittenSetting& option : written_settings(report, stage, files, options)) {
    // A file of the newer form has one source over several lines.
    const bool is_newer_form = option.path.ends_with(".sources");
    if (!says_on(option.value()) || !begins_word(option.text, option.in_text.name.begin) ||
        is_local(is_newer_form ? option.text : option.line())) {
      continue;
    }
    auto finding = report.at(
        option.place, fmt::format("{} in {}: {}", option.display(), option.path, consequence));
    if (!option.certain) finding.severity(Severity::warning);
    if (option.in_document) add_fix(finding, stage.document(), *option.in_document);
  }
}

// add-apt-repository 'deb [trusted=yes] https://example.com/debian stable main'
void check_command(const Command& command, Report& report) {
  if (command.name() != "add-apt-repository" && command.name() != "apt-add-repository") return;
  const Document& document = command.run().document();
  for (const ShellWord& word : command.arguments()) {
    const std::string_view written = document.text(word.span());
    if (is_local(written)) continue;
    for (const TextSetting& found : settings_in(written, options)) {
      const TextSetting option = shifted(found, word.span().begin);
      if (!says_on(document.text(option.value)) || !begins_word(written, found.name.begin))
        continue;
      add_fix(
          report.at(option.span, fmt::format("{}: {}", document.text(option.span), consequence)),
          document, option);
    }
  }
}

}  // namespace

extern constinit const Rule apt_trusted_repo{
    .id = "apt-trusted-repo",
    .title = "Source that apt trusts without a signature",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"cis:4.11"},
    .why = R"(
apt trusts a package because the list of its repository is signed. `[trusted=yes]` and `[allow-insecure=yes]` in
a source, `Trusted: yes` and `Allow-Insecure: yes` in one of the newer form, switch that off: whoever sits on the
way, or runs a mirror, decides what becomes part of the image. Packages run scripts as root while they are
installed. The source stays in the image, so that it holds for whatever is installed later as well.

Put the key of the repository into `/etc/apt/keyrings/` and name it in the source:

```
deb [signed-by=/etc/apt/keyrings/tool.asc] https://example.com/debian stable main
```

Read are the files that the build writes to `/etc/apt/sources.list.d`, what `sed` puts into them, and
`add-apt-repository`. Sources on disk (`file:`, `copy:`, `cdrom:`) are left alone. For an old release from an
archive, whose keys have expired, there is nothing better; say so in a comment.

The fix takes the option away. It is unsafe: the installation fails until the key is there.
)",
    .bad = R"(
FROM debian:13-slim
RUN echo "deb [trusted=yes] https://example.com/debian stable main" > /etc/apt/sources.list.d/tool.list
)",
    .good = R"(
FROM debian:13-slim
RUN echo "deb https://example.com/debian stable main" > /etc/apt/sources.list.d/tool.list
)",
    .references = {"https://manpages.debian.org/stable/apt/sources.list.5.en.html",
                   "https://manpages.debian.org/stable/apt/apt-secure.8.en.html"},
    .checks = each<check_files, check_command>,
};

}  // namespace bulkhead::rules
