#include "analysis/redaction.h"

#include <algorithm>

#include "analysis/facts/secret_patterns.h"
#include "analysis/facts/secrets.h"
#include "analysis/rule.h"
#include "analysis/rules/command_credentials.h"
#include "analysis/rules/secret_values.h"
#include "analysis/rules/secret_variables.h"

namespace bulkhead {
namespace {

void hide(std::string& text, Span secret) {
  constexpr std::uint32_t long_enough = 20;
  const std::uint32_t shown = secret.size() < long_enough ? 0 : 3;
  const auto begin = text.begin() + secret.begin + shown;
  // Lines stay what they are, and so do the words of a value that was found by its name.
  std::replace_if(
      begin, text.begin() + secret.end,
      [](char c) { return c != '\n' && c != '\r' && c != '"' && c != '\'' && c != ' '; }, '*');
}

// What commands are given as passwords and tokens, whatever it looks like.
void hide_credentials(const Document& document, std::string& text) {
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.kind() != Keyword::run) continue;
    for (const Command& command : instruction.commands()) {
      for (const rules::CommandCredential& credential : rules::credentials_of(command)) {
        const Value value = credential.word.value();
        const auto part = credential.part(value.text);
        const bool is_literal = part && value.known && value.variables.empty() &&
                                facts::value_kind(*part) == facts::ValueKind::literal;
        if (is_literal) hide(text, credential.word.span());
      }
    }
  }
}

}  // namespace

std::string redacted_text(const Snapshot& snapshot, SharedViews& views) {
  std::string text(snapshot.text());
  if (const auto* document = dynamic_cast<const Document*>(&snapshot)) {
    const auto hide_all = [&](const std::vector<rules::PlacedSecret>& secrets) {
      for (const rules::PlacedSecret& secret : secrets) {
        if (secret.pattern) hide(text, secret.span);
      }
    };
    for (const Instruction& instruction : document->instructions())
      hide_all(views.of<rules::SecretValues>(instruction).all());
    hide_all(views.of<rules::CommentSecrets>(*document).all());
    hide_credentials(*document, text);
    for (const auto& exposed : views.of<rules::SecretVariables>(*document).exposed()) {
      const auto value = exposed.pair.value();
      const bool is_literal = value && value->text().find('$') == std::string_view::npos;
      if (is_literal && exposed.exposure == rules::Exposure::secret) hide(text, value->span());
    }
  } else {
    for (const facts::SecretValue& secret : facts::find_secrets(text)) {
      hide(text,
           {static_cast<std::uint32_t>(secret.begin), static_cast<std::uint32_t>(secret.end)});
    }
  }
  return text;
}

}  // namespace bulkhead
