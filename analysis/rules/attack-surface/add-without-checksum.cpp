#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

#include "analysis/model/add_sources.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"

namespace bulkhead::rules {
namespace {

// Of a Git repository the whole name of a commit says what its files are: "...r.git#0123...", "...?ref=0123...".
bool names_commit(std::string_view source) {
  constexpr std::size_t sha1 = 40;
  constexpr std::size_t sha256 = 64;
  for (const std::string_view before : {"#", "?ref=", "&ref="}) {
    const std::size_t at = source.find(before);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = source.substr(at + before.size());
    const std::string_view ref = rest.substr(0, rest.find_first_of(":&#"));
    const auto is_hex = [](char c) {
      return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'f');
    };
    if ((ref.size() == sha1 || ref.size() == sha256) && std::ranges::all_of(ref, is_hex))
      return true;
  }
  return false;
}

bool has_checksum(std::string_view source) {
  constexpr std::array<std::string_view, 4> options = {
      "?checksum=", "&checksum=", "?commit=", "&commit="};
  return std::ranges::any_of(options, [&](std::string_view option) {
    return source.find(option) != std::string_view::npos;
  });
}

// `verified`: where sources begin of which a step behind them compares a checksum or a signature.
void check_add(const Add& add, const std::set<std::uint32_t>& verified, Report& report) {
  if (add.flag("checksum")) return;
  for (const Word& source : add.sources()) {
    const Value value = source.value();
    if (!is_remote(value.text)) continue;
    // Those of an address on the web go to its server.
    if (is_git(value.text) && (has_checksum(value.text) || names_commit(value.text))) continue;
    if (verified.contains(source.span().begin)) continue;
    report
        .at(source,
            is_git(value.text)
                ? value.text + " is whatever its branch or tag means at the time of the build"
                : "Whatever is at " + value.text +
                      " at the time of the build goes into the image, unchecked")
        .origins(add, value.variables, "the address comes from here");
  }
}

void check(const Stage& stage, Report& report) {
  std::set<std::uint32_t> verified;
  stage.effects().each<DownloadEffect>([&](const Effect& effect, const DownloadEffect& download) {
    if (download.verified && !effect.command) verified.insert(effect.span.begin);
  });
  for (const Instruction& instruction : stage.instructions()) {
    if (instruction.kind() == Keyword::add) check_add(Add(instruction), verified, report);
  }
}

}  // namespace

extern constinit const Rule add_without_checksum{
    .id = "add-without-checksum",
    .title = "A download that nothing checks",
    .category = Category::attack_surface,
    .severity = Severity::info,
    .aliases = {"sonar:S6474", "cis:4.11"},
    .why = R"(
The owner of the address, whoever takes it over, and, without TLS, whoever sits in between decides on what
goes into the image. With a checksum the build stops when the bytes are not the ones that were looked at:
`ADD --checksum=sha256:... https://...`. For a Git repository the whole name of a commit does the same:
`https://example.com/r.git#<commit>`, or `--checksum=<commit>` beside a tag. A `RUN` behind it that compares the
checksum (`sha256sum -c`) or checks a signature counts as well.

There is no fix: the file has to be fetched to know its checksum, and bulkhead does not use the network.
`curl -fsSL URL | sha256sum` tells it; compare it with what the project publishes. Ignore the finding where
the newest version is wanted, whatever it is.
)",
    .bad = R"(
FROM debian:13
ADD https://example.com/tool-1.2.tar.gz /opt/
)",
    .good = R"(
FROM debian:13
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool-1.2.tar.gz /opt/
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add---checksum"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
