#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analysis/model/add_sources.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/unpacked_archives.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// Whether tar is told nothing but what to unpack, and where to: ADD knows no more.
bool is_plain(const Command& command) {
  if (command.name() != "tar" && command.name() != "bsdtar") return false;
  std::size_t operands = 0;
  bool has_folder = false;
  const auto& texts = command.argument_texts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) return false;
    std::string_view text = *texts[i];
    if (text.starts_with("--")) {
      constexpr std::string_view known =
          "--extract --gzip --xz --bzip2 --zstd --verbose --file --directory";
      if (!is_listed(text, known)) return false;
      has_folder = has_folder || text == "--directory";
    } else if (text.starts_with('-') || i == 0) {
      if (text.starts_with('-')) text.remove_prefix(1);
      if (text.find_first_not_of("xzjJvfaC") != std::string_view::npos) return false;
      has_folder = has_folder || text.find('C') != std::string_view::npos;
    } else {
      ++operands;
    }
  }
  return operands == (has_folder ? 2 : 1);
}

std::optional<std::vector<Edit>> fix(const Stage& stage, const UnpackedArchive& archive) {
  const auto& effects = stage.effects().effects();
  const Instruction copy(stage.document(), effects[archive.write].instruction);
  const Value& folder = effects[archive.unpack].as<FileEffect>()->path;
  const auto words = copy.words();
  if (copy.kind() != Keyword::copy || words.size() != 2 || !copy.flags().empty() || !folder.known)
    return std::nullopt;
  auto unpack = removable_unpack(stage, archive);
  if (!unpack || !is_plain(unpack->command)) return std::nullopt;
  std::vector<Edit> edits = {
      replace_keyword(copy.keyword(), "ADD"),
      replace(words[1], folder.text.ends_with('/') ? folder.text : folder.text + "/")};
  std::ranges::move(unpack->edits, std::back_inserter(edits));
  return edits;
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_delivered()) return;
  const auto& effects = stage.effects().effects();
  for (const UnpackedArchive& archive : unpacked_archives(stage, FileEffect::Source::context)) {
    const Effect& write = effects[archive.write];
    const std::string& name = write.as<FileEffect>()->from.text;
    if (!is_archive(name)) continue;
    auto finding = report.at(
        write.span,
        fmt::format("{} is in the image twice, as it is and unpacked; ADD unpacks it at once",
                    name));
    finding.related(effects[archive.unpack].span, "it is unpacked here, into another layer");
    if (auto edits = fix(stage, archive))
      finding.fix(Safety::unsafe, "Unpack it with ADD", *std::move(edits));
  }
}

}  // namespace

extern constinit const Rule copy_then_extract{
    .id = "copy-then-extract",
    .title = "An archive is copied, and then unpacked",
    .category = Category::efficiency,
    .severity = Severity::info,
    .aliases = {"hadolint:DL3010"},
    .why = R"(
`COPY` puts the archive into one layer, and the `RUN` with tar its contents into another: the image has both,
whether or not the archive is deleted afterwards. `ADD` unpacks a local tar archive while it copies, compressed by gzip,
bzip2, xz or zstd, and the archive itself is in no layer. A zip file it copies as it is.

The rule goes by names, as `ADD` does not: that looks at the bytes. It is silent for archives from another stage,
which `ADD` cannot take, and in build stages, whose layers nobody gets. hadolint reports the `COPY` of any archive that
is unpacked somewhere.

The fix makes an `ADD` of the `COPY`, and takes out the tar and what deletes the archive. It is unsafe: `ADD` keeps the
owners that the archive names, where tar run by another user than root does not. There is none where tar is told more
than what to unpack and where to (`--strip-components`), something else names the archive, such as a checksum,
another step lies in between, or a variable says where the archive is unpacked.
)",
    .bad = R"(
FROM debian:13-slim
COPY site.tar.gz /tmp/
RUN tar xzf /tmp/site.tar.gz -C /srv && rm /tmp/site.tar.gz
CMD ["/srv/run"]
)",
    .good = R"(
FROM debian:13-slim
ADD site.tar.gz /srv/
CMD ["/srv/run"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
