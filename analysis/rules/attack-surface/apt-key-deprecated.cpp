#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  if (command.name() != "apt-key") return;
  const auto words = command.arguments();
  const auto& texts = command.argument_texts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] != "add" && texts[i] != "adv") continue;
    report.at(Span{command.span().begin, words[i].span().end},
              "apt-key " + *texts[i] +
                  " trusts the key for every repository, and is gone from Debian 13 on");
    return;
  }
}

}  // namespace

extern constinit const Rule apt_key_deprecated{
    .id = "apt-key-deprecated",
    .title = "Key that apt trusts for every repository",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .why = R"(
A key that is added with `apt-key` may sign packages of any repository, Debian's own among them: whoever gets
hold of it can replace `openssl`. `apt-key` is deprecated since Debian 11, and Debian 13 does not have it.

Put the key into `/etc/apt/keyrings/` and name it in the one source that it is for:

```
deb [signed-by=/etc/apt/keyrings/tool.asc] https://example.com/debian stable main
```

There is no fix: the source that the key belongs to may be written anywhere.
)",
    .bad = R"(
FROM debian:12-slim
RUN curl -fsSL https://example.com/key.asc | apt-key add -
)",
    .good = R"(
FROM debian:12-slim
RUN curl -fsSL https://example.com/key.asc -o /etc/apt/keyrings/tool.asc
)",
    .references = {"https://manpages.debian.org/bookworm/apt/apt-key.8.en.html"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
