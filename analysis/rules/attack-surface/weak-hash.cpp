#include <algorithm>
#include <array>

#include "analysis/rule.h"
#include "analysis/shell/commands/downloads.h"

namespace bulkhead::rules {
namespace {

constexpr std::array programs{"md5sum", "md5", "sha1sum", "sha1"};

void check(const Command& command, Report& report) {
  const std::string& name = command.name();
  if (std::ranges::find(programs, name) == programs.end()) return;
  const auto verification = shell::verifies(name, command.argument_texts());
  if (!verification) return;
  report.at(command.word(command.unwrapped().program),
            name + " proves little: another file with the same sum can be made");
}

}  // namespace

extern constinit const Rule weak_hash{
    .id = "weak-hash",
    .title = "File checked by a sum that can be forged",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"sonar:S4790"},
    .why = R"(
MD5 and SHA-1 still show that a download came through whole. They do not show that it is the file that was
meant, for two files with one sum can be made: in seconds for MD5, for the price of a car for SHA-1.

Use `sha256sum -c` with the sum that the maker publishes, or a signature.

There is no fix: the better sum has to be taken from the maker.
)",
    .bad = R"(
FROM debian:13-slim
RUN echo "0123456789abcdef0123456789abcdef  tool.tar.gz" | md5sum -c -
)",
    .good = R"(
FROM debian:13-slim
RUN echo "$TOOL_SHA256  tool.tar.gz" | sha256sum -c -
)",
    .references = {"https://www.rfc-editor.org/rfc/rfc6151", "https://shattered.io/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
