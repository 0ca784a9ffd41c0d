#pragma once

// The rules themselves, for people and for programs. `read` reads the examples in their documentation.

#include <span>
#include <string>

#include "analysis/rule.h"
#include "report/style.h"

namespace bulkhead::report {

using Rules = std::span<const Rule* const>;

// One line a rule, by category.
std::string rules_table(Rules rules, ReadSnapshot read, const Style& style);

// An array of {"id", "title", "category", "severity", "enabled", "fix" ("safe", "unsafe" or null),
// "aliases", "url"}.
std::string rules_json(Rules rules, ReadSnapshot read);

// The page docs/rules.md: a table for each category, which links to rules/ID.md.
std::string rules_markdown(Rules rules, ReadSnapshot read);

// The page docs/rules/ID.md of one rule, which documentation_url() points to.
std::string rule_markdown(const Rule& rule, ReadSnapshot read);

// All that is known of one rule.
std::string explanation(const Rule& rule, ReadSnapshot read, const Style& style);

}  // namespace bulkhead::report
