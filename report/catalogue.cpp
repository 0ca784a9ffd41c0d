#include "report/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/engine.h"
#include "analysis/example.h"
#include "report/glyphs.h"

namespace bulkhead::report {
namespace {

constexpr Category categories[] = {
    Category::permissions,     Category::attack_surface,  Category::sensitive_data,
    Category::reproducibility, Category::correctness,     Category::shell,
    Category::efficiency,      Category::maintainability,
};

constexpr std::string_view generated =
    "<!-- Generated from the files in analysis/rules/; `./dev docs` writes it again. -->\n\n";

std::string_view trimmed_lines(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\n');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of('\n') - first + 1);
}

std::vector<const Rule*> of_category(Rules rules, Category category) {
  std::vector<const Rule*> found;
  for (const Rule* rule : rules) {
    if (rule->category == category) found.push_back(rule);
  }
  return found;
}

// What the rule says to its own bad example: messages and fixes are code, so that is where to ask.
std::optional<Finding> finding_of(const Rule& rule, ReadSnapshot read) {
  using namespace std::chrono;
  // The page is to stay the same as time goes by; the examples are judged as of this day.
  constexpr year_month_day day = 2026y / November / 23;
  const Example example = parse_example(rule.bad);
  const auto snapshot = read(example.name, std::string(example.text));
  Context context = example.context(read);
  context.today = day;
  Analysis analysis = analyse(*snapshot, {.select = std::vector{&rule}, .ignore = {}}, context);
  if (analysis.findings.empty()) return std::nullopt;
  return std::move(analysis.findings.front());
}

std::vector<Fix> fixes_of(const Rule& rule, ReadSnapshot read) {
  const std::optional<Finding> finding = finding_of(rule, read);
  return finding ? finding->fixes : std::vector<Fix>();
}

// That of the best fix; none where the rule has no fix.
std::optional<Safety> safety_of(const std::vector<Fix>& fixes) {
  const auto best = std::ranges::min_element(fixes, {}, &Fix::safety);
  return best == fixes.end() ? std::nullopt : std::optional(best->safety);
}

std::string_view spelled(std::optional<Safety> safety) {
  return safety ? name(*safety) : "-";
}

std::string heading(Category category) {
  std::string title(name(category));
  std::ranges::replace(title, '-', ' ');
  title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

std::string joined(const auto& items, std::string_view before, std::string_view after) {
  std::string out;
  for (const std::string_view item : items) {
    if (!out.empty()) out += ", ";
    out.append(before).append(item).append(after);
  }
  return out;
}

std::string indented(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) out.append("    ").append(text.substr(at, end - at));
    out += '\n';
    at = end + 1;
  }
  return out;
}

// As the fence of a block of code names it.
std::string_view language(const Example& example) {
  return example.name == "Dockerfile" ? "dockerfile" : "yaml";
}

// A Dockerfile and what lies beside it in the build context.
std::string markdown_example(std::string_view title, std::string_view text) {
  const Example example = parse_example(text);
  std::string out = fmt::format("\n## {}\n\n```{}\n{}\n```\n", title, language(example),
                                trimmed_lines(example.text));
  std::vector<std::string_view> bare;
  for (const Example::File& file : example.files) {
    if (trimmed_lines(file.text).empty()) {
      bare.push_back(file.path);
    } else {
      out += fmt::format("\n`{}`:\n\n```\n{}\n```\n", file.path, trimmed_lines(file.text));
    }
  }
  if (!example.trusted_registries.empty()) {
    out +=
        fmt::format("\nWith {}\n", joined(example.trusted_registries, "`--trusted-registry=", "`"));
  }
  if (!bare.empty()) out += fmt::format("\nIn the build context: {}\n", joined(bare, "`", "`"));
  return out;
}

}  // namespace

std::string rules_table(Rules rules, ReadSnapshot read, const Style& style) {
  std::size_t widest = 0;
  for (const Rule* rule : rules) widest = std::max(widest, rule->id.size());
  const auto row = [&](std::string_view id, std::string_view shown_id, std::string_view severity,
                       std::string_view fix, std::string_view title) {
    return fmt::format("  {}{}  {:<8}  {:<6}  {}", shown_id, std::string(widest - id.size(), ' '),
                       severity, fix, title);
  };
  std::string out =
      paint(style, color::faint, row("rule", "rule", "severity", "fix", "finds")) + "\n";
  for (const Category category : categories) {
    const std::vector<const Rule*> listed = of_category(rules, category);
    if (listed.empty()) continue;
    out += "\n" + paint(style, color::bold, heading(category)) + "\n";
    for (const Rule* rule : listed) {
      out += row(rule->id, link(style, documentation_url(*rule), rule->id), name(rule->severity),
                 spelled(safety_of(fixes_of(*rule, read))), rule->title) +
             (rule->enabled ? "\n" : " (off unless selected)\n");
    }
  }
  return out + "\n" + paint(style, color::faint, "`bulkhead explain RULE` tells all about one.") +
         "\n";
}

std::string rules_json(Rules rules, ReadSnapshot read) {
  auto array = nlohmann::ordered_json::array();
  for (const Rule* rule : rules) {
    auto aliases = nlohmann::ordered_json::array();
    for (const std::string_view alias : rule->aliases) aliases.push_back(alias);
    const std::optional<Safety> safety = safety_of(fixes_of(*rule, read));
    array.push_back(
        {{"id", rule->id},
         {"title", rule->title},
         {"category", name(rule->category)},
         {"severity", name(rule->severity)},
         {"enabled", rule->enabled},
         {"fix", safety ? nlohmann::ordered_json(name(*safety)) : nlohmann::ordered_json()},
         {"aliases", std::move(aliases)},
         {"url", documentation_url(*rule)}});
  }
  return array.dump(2) + "\n";
}

std::string rules_markdown(Rules rules, ReadSnapshot read) {
  std::string out = fmt::format(
      "{}# Rules\n\n"
      "The {} rules of bulkhead; each has a page. `bulkhead check --select RULE` runs only some of "
      "them, `--ignore RULE` leaves some out. The comment `# bulkhead: ignore=RULE[,RULE] reason` "
      "silences them for the instruction below it, `# bulkhead: ignore-file=RULE[,RULE] reason` "
      "for the whole file. Comments that already stand in a file for other tools go on working: "
      "each rule knows by which names they call it.\n\n"
      "A fix is *safe* when the image stays the same or becomes strictly what was meant; `bulkhead "
      "fix` makes those. An *unsafe* one may change what the image does or how it is built; "
      "editors offer it, and `bulkhead fix --unsafe` makes it.\n",
      generated, rules.size());
  for (const Category category : categories) {
    const std::vector<const Rule*> listed = of_category(rules, category);
    if (listed.empty()) continue;
    out += fmt::format("\n## {}\n\n| Rule | Finds | Severity | Fix |\n| --- | --- | --- | --- |\n",
                       heading(category));
    for (const Rule* rule : listed) {
      out += fmt::format("| [{0}](rules/{0}.md) | {1}{2} | {3} | {4} |\n", rule->id, rule->title,
                         rule->enabled ? "" : " (off unless selected)", name(rule->severity),
                         spelled(safety_of(fixes_of(*rule, read))));
    }
  }
  return out;
}

std::string rule_markdown(const Rule& rule, ReadSnapshot read) {
  const std::optional<Finding> finding = finding_of(rule, read);
  const std::vector<Fix> fixes = finding ? finding->fixes : std::vector<Fix>();
  std::string out = fmt::format(
      "{}# {}\n\n"
      "**{}**\n\n"
      "| Severity | Category | Runs | Fix |\n| --- | --- | --- | --- |\n| {} | "
      "[{}](../rules.md#{}) "
      "| {} | {} |\n\n{}\n",
      generated, rule.id, rule.title, name(rule.severity), heading(rule.category),
      name(rule.category),
      rule.enabled ? std::string("by default")
                   : fmt::format("only if asked for: `--select {}`", rule.id),
      spelled(safety_of(fixes)), trimmed_lines(rule.why));
  out += markdown_example("Bad", rule.bad);
  if (finding)
    out += fmt::format("\nWhat bulkhead says to it:\n\n```text\n{}\n```\n", finding->message);
  out += markdown_example("Good", rule.good) + "\n## Fix\n\n";
  for (const Fix& fix : fixes) out += fmt::format("- {} ({})\n", fix.title, name(fix.safety));
  if (fixes.empty()) out += "There is none to offer: only you know what is meant.\n";
  out += fmt::format(
      "\n## When to ignore it\n\n"
      "Where this does not apply, say so in a comment on the line before, with the reason:\n\n"
      "```{}\n# bulkhead: ignore={} REASON\n```\n",
      language(parse_example(rule.bad)), rule.id);
  if (!rule.aliases.empty()) {
    out += fmt::format("\n## What others call it\n\n{}\n", joined(rule.aliases, "`", "`"));
  }
  if (!rule.references.empty()) {
    out += "\n## To read on\n\n";
    for (const std::string_view address : rule.references) out += fmt::format("- <{}>\n", address);
  }
  return out;
}

std::string explanation(const Rule& rule, ReadSnapshot read, const Style& style) {
  const auto label = [&](std::string_view text) { return paint(style, color::bold, text); };
  std::string out = fmt::format("{} ({}, {})\n{}\n\n{}\n\n", label(rule.id), name(rule.severity),
                                name(rule.category), rule.title, trimmed_lines(rule.why));
  out += label("Bad:") + "\n" + indented(trimmed_lines(rule.bad)) + "\n";
  out += label("Good:") + "\n" + indented(trimmed_lines(rule.good)) + "\n";
  for (const Fix& fix : fixes_of(rule, read)) {
    out += fmt::format("{} {} ({})\n", label("Fix:"), printable(fix.title), name(fix.safety));
  }
  out += fmt::format("{} # bulkhead: ignore={}\n", label("Silence:"), rule.id);
  if (!rule.aliases.empty())
    out += fmt::format("{} {}\n", label("Also known as:"), joined(rule.aliases, "", ""));
  for (const std::string_view address : rule.references)
    out += fmt::format("{} {}\n", label("Read on:"), address);
  return out + fmt::format("{} {}\n", label("Documentation:"), documentation_url(rule));
}

}  // namespace bulkhead::report
