#include "analysis/compose/secrets.h"

#include <algorithm>
#include <cstdint>

#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead {
namespace {

using yaml::Field;
using yaml::Node;

TextEdit insertion(std::size_t at, std::string text) {
  const auto place = static_cast<std::uint32_t>(at);
  return {{place, place}, std::move(text)};
}

// What stands in front of `place` in its line, if that is only of these characters.
std::optional<std::string> lead(std::string_view text, std::uint32_t place,
                                std::string_view allowed) {
  const std::uint32_t begin = line_begin(text, place);
  const std::string_view found = text.substr(begin, place - begin);
  if (found.find_first_not_of(allowed) != std::string_view::npos) return std::nullopt;
  return std::string(found);
}

bool is_own(const Node& mapping, const Field& field) {
  return std::ranges::any_of(mapping.fields, [&](const Field& each) { return &each == &field; }) &&
         !field.is_alias();
}

std::size_t column(std::string_view text, std::uint32_t place) {
  return place - line_begin(text, place);
}

// How much further right than its key the first entry below `field` stands, as the author likes it.
std::string step_below(const ComposeFile& file, const Field& field) {
  const std::string_view text = file.text();
  const Node& value = field.value;
  const bool is_list = value.kind == Node::Kind::sequence;
  const bool is_block = !value.flow && !field.is_alias() &&
                        (is_list || value.kind == Node::Kind::mapping) &&
                        line_begin(text, value.span.begin) > field.key.span.begin;
  if (!is_block) return "  ";
  const std::size_t key = column(text, field.key.span.begin);
  const std::size_t entry = column(text, value.span.begin);
  return std::string(entry > key ? entry - key : 0, ' ');
}

// The same for what stands at the top of the file.
std::string step_of(const ComposeFile& file) {
  constexpr std::size_t widest = 8;  // `services: {web: ...}` says nothing
  const auto services = file.services();
  const std::size_t found = services.empty() ? 0 : column(file.text(), services[0].span().begin);
  return std::string(found == 0 || found > widest ? 2 : found, ' ');
}

// The id under `secrets` of a service or a build.
std::optional<std::vector<TextEdit>> use_secret(const ComposeFile& file, const Node& mapping,
                                                const Field& above, std::string_view id) {
  const std::string_view text = file.text();
  const std::string end(file.line_end());
  if (mapping.flow || !is_own(mapping, above)) return std::nullopt;
  const Field* secrets = mapping.field("secrets");
  if (secrets == nullptr) {
    const auto indent = lead(text, above.key.span.begin, " ");
    if (!indent) return std::nullopt;
    return std::vector{insertion(line_begin(text, above.key.span.begin),
                                 *indent + "secrets:" + end + *indent + step_below(file, above) +
                                     "- " + std::string(id) + end)};
  }
  const Node& list = secrets->value;
  if (!is_own(mapping, *secrets) || list.anchored || list.items.empty()) return std::nullopt;
  for (const Node& item : list.items) {
    const Node* source = item.kind == Node::Kind::mapping ? item.get("source") : &item;
    if (source != nullptr && source->text == id) return std::vector<TextEdit>();
  }
  const std::uint32_t first = list.items.front().span.begin;
  if (list.flow) return std::vector{insertion(first, std::string(id) + ", ")};
  const auto dash = lead(text, first, " -");
  if (!dash) return std::nullopt;
  return std::vector{insertion(line_begin(text, first), *dash + std::string(id) + end)};
}

// The line behind that which begins at `begin`.
std::size_t next_line(std::string_view text, std::size_t begin) {
  const std::size_t feed = text.find('\n', begin);
  return feed == std::string_view::npos ? text.size() : feed + 1;
}

// The line that begins at `begin`, without its end and the blanks in front of that.
std::string_view line_at(std::string_view text, std::size_t begin) {
  const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

// Whether blank lines stand between the keys at the top of the file.
bool separates_keys(std::string_view text) {
  bool blank = false;
  for (std::size_t at = 0; at < text.size(); at = next_line(text, at)) {
    const std::string_view line = line_at(text, at);
    if (blank && !line.empty() && is_letter(line.front())) return true;
    blank = at > 0 && line.empty();
  }
  return false;
}

// Where the text of YAML ends: in front of the `...` behind it, if there is one.
std::size_t end_of_document(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at = next_line(text, at)) {
    if (line_at(text, at) == "...") return at;
  }
  return text.size();
}

// The secret under `secrets` at the top of the file, whose keys stand at the beginning of a line.
std::optional<std::vector<TextEdit>> declare_secret(const ComposeFile& file,
                                                    const NewSecret& secret) {
  const std::string_view text = file.text();
  const std::string end(file.line_end());
  const std::string step = step_of(file);
  const auto entry = [&](const std::string& indent) {
    return indent + secret.id + ":" + end + indent + step +
           (secret.variable.empty() ? "file: ./" + secret.id + ".txt"
                                    : "environment: " + secret.variable) +
           end;
  };
  constexpr std::string_view key = "secrets:";
  for (std::size_t at = 0; at < text.size(); at = next_line(text, at)) {
    if (!text.substr(at).starts_with(key)) continue;
    const std::size_t line_end = next_line(text, at);
    const std::string_view rest = line_at(text, at).substr(key.size());
    if (!rest.empty() && !trimmed(rest).starts_with('#')) return std::nullopt;
    // Its entries: the lines that stand further right.
    std::string indent;
    for (std::size_t line = line_end; line < text.size(); line = next_line(text, line)) {
      const std::string_view entry_line = line_at(text, line);
      const std::string_view content = trimmed(entry_line);
      if (content.empty() || content.starts_with('#')) continue;
      const std::size_t depth = entry_line.find_first_not_of(' ');
      if (depth == 0) break;
      if (indent.empty()) indent = entry_line.substr(0, depth);
      if (depth == indent.size() && content.starts_with(secret.id + ":"))
        return std::vector<TextEdit>();
    }
    return std::vector{insertion(line_end, entry(indent.empty() ? step : indent))};
  }
  const std::size_t at = end_of_document(text);
  const std::string joint = (text.substr(0, at).ends_with('\n') ? "" : end) +
                            (separates_keys(text) ? end : std::string());
  return std::vector{insertion(at, joint + "secrets:" + end + entry(step))};
}

}  // namespace

std::vector<ComposeVariable> variables_of(const Node& node) {
  std::vector<ComposeVariable> found;
  for (const Field& field : node.fields) {
    if (field.key.text == "<<") {
      std::ranges::move(variables_of(field.value), std::back_inserter(found));
      continue;
    }
    ComposeVariable variable{.name = field.key.text,
                             .span = field.span(),
                             .name_span = field.key.span,
                             .node = &field.value};
    if (field.value.kind == Node::Kind::scalar) variable.value = field.value.text;
    if (!field.is_alias()) found.push_back(std::move(variable));
  }
  for (const Node& item : node.items) {
    if (item.kind != Node::Kind::scalar) continue;
    const std::size_t equals = item.text.find('=');
    ComposeVariable variable{
        .name = item.text.substr(0, equals), .span = item.span, .node = &item, .in_list = true};
    if (equals != std::string::npos) variable.value = item.text.substr(equals + 1);
    found.push_back(std::move(variable));
  }
  return found;
}

bool names_variable(const Node& list, std::string_view name) {
  return list.field(name) != nullptr || std::ranges::any_of(list.items, [&](const Node& item) {
           return std::string_view(item.text).substr(0, item.text.find('=')) == name;
         });
}

std::optional<std::vector<TextEdit>> grant_secret(const ComposeFile& file, const Node& mapping,
                                                  const Field& above, const NewSecret& secret) {
  auto edits = use_secret(file, mapping, above, secret.id);
  auto declared = declare_secret(file, secret);
  if (!edits || !declared) return std::nullopt;
  std::ranges::move(*declared, std::back_inserter(*edits));
  return edits;
}

}  // namespace bulkhead
