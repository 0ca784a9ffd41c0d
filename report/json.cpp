#include "report/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/engine.h"
#include "analysis/facts/secret_patterns.h"
#include "analysis/rule.h"

namespace bulkhead::report {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Position& position) {
  return {{"line", position.line}, {"character", position.character}};
}

Json to_json(const Range& range) {
  return {{"start", to_json(range.start)}, {"end", to_json(range.end)}};
}

Json to_json(const Source& source, Span span) {
  return to_json(source.lines.range(source.text, span, Encoding::utf16));
}

Json to_json(const Source& source, const Edit& edit) {
  Json range = to_json(source, edit.change.span);
  const auto other =
      source.context && !edit.file.empty() ? text_of(*source.context, edit.file) : std::nullopt;
  if (other) range = to_json(Lines(*other).range(*other, edit.change.span, Encoding::utf16));
  return {{"path", path_of(source, edit.file)},
          {"range", std::move(range)},
          {"newText", edit.change.text}};
}

Json to_json(const Source& source, const Fix& fix) {
  Json edits = Json::array();
  for (const Edit& edit : fix.edits) edits.push_back(to_json(source, edit));
  return {{"title", fix.title}, {"safety", name(fix.safety)}, {"edits", std::move(edits)}};
}

// What is printed ends up in logs. Editors get such a fix, and `bulkhead fix` makes it.
bool writes_secret(const Fix& fix) {
  return std::ranges::any_of(
      fix.edits, [](const Edit& edit) { return !facts::find_secrets(edit.change.text).empty(); });
}

Json to_json(const Source& source, const Finding& finding) {
  const Rule& rule = *finding.rule;
  Json aliases = Json::array();
  for (const std::string_view alias : rule.aliases) aliases.push_back(alias);
  Json fixes = Json::array();
  for (const Fix& fix : finding.fixes) {
    if (!writes_secret(fix)) fixes.push_back(to_json(source, fix));
  }
  return {{"path", source.path},
          {"rule", rule.id},
          {"category", name(rule.category)},
          {"severity", name(finding.severity)},
          {"message", finding.message},
          {"range", to_json(source, finding.span)},
          {"url", documentation_url(rule)},
          {"aliases", std::move(aliases)},
          {"fixes", std::move(fixes)}};
}

}  // namespace

std::string json_items(const Source& source, std::span<const Finding> findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (!out.empty()) out += ",\n";
    out += to_json(source, finding).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return out;
}

std::string json_array(std::span<const std::string> items) {
  std::string out;
  for (const std::string& item : items) {
    if (item.empty()) continue;
    if (!out.empty()) out += ",\n";
    out += item;
  }
  return out.empty() ? "[]\n" : "[\n" + out + "\n]\n";
}

}  // namespace bulkhead::report
