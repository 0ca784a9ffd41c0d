#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "analysis/facts/programs.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"
#include "analysis/rules/unpacked_archives.h"

namespace bulkhead::rules {
namespace {

// The address as a word of the shell, which knows the variables of the Dockerfile, too.
std::optional<std::string> shell_word(const Word& source) {
  const Value value = source.value();
  if (value.variables.empty()) return shell_quoted(value.text);
  const std::string text(source.text());
  if (text.find_first_of("\"'\\`") != std::string::npos) return std::nullopt;
  return '"' + text + '"';
}

// Where ADD puts the archive, with the variables of the address that name it. None where a variable says more
// than that.
std::optional<std::string> written_path(const Instruction& add, const std::string& path) {
  const Word source = add.words()[0];
  const Word destination = add.words()[1];
  if (destination.has_variable()) return std::nullopt;
  const auto name_in = [](std::string_view address) {
    return file_name(address.substr(0, address.find_first_of("?#")));
  };
  const std::string_view name = name_in(source.text());
  const std::string address = source.value().text;
  const std::string_view value = name_in(address);
  const bool is_named_by_address =
      file_name(path) == value && file_name(destination.text()) != value;
  const bool varies = source.has_variable() && name.find('$') != std::string_view::npos;
  if (!varies || !is_named_by_address) return path;
  // ${V:-x}, or a part of ${V%/*}
  if (name.find_first_of(":%") != std::string_view::npos ||
      std::ranges::count(name, '{') != std::ranges::count(name, '}'))
    return std::nullopt;
  return path.substr(0, path.size() - value.size()) + std::string(name);
}

// Whether each image has the folder, or the step begins in it.
bool is_there(std::string_view folder, const Stage& stage, const Instruction& add) {
  constexpr std::array<std::string_view, 5> everywhere = {"/", "/tmp", "/opt", "/root",
                                                          "/usr/local"};
  return std::ranges::find(everywhere, folder) != everywhere.end() ||
         folder == stage.state_before(add.index()).folder.text;
}

bool calls(const Instruction& instruction, std::string_view program) {
  return std::ranges::any_of(instruction.commands(),
                             [&](const Command& command) { return command.name() == program; });
}

bool installs(const Effect& effect, std::string_view program) {
  const auto* packages = effect.as<PackageEffect>();
  return packages && packages->call.action == shell::PackageCall::Action::install &&
         std::ranges::find(packages->call.packages, program, &shell::Package::name) !=
             packages->call.packages.end();
}

// The program to fetch with where ADD stands: one that steps in front of it call or install, or that the
// image brings; empty where none is known to be there.
std::string_view fetcher(const Stage& stage, const Instruction& add) {
  constexpr std::array<std::string_view, 2> programs = {"curl", "wget"};
  const auto is_in_front = [&](std::string_view program) {
    return std::ranges::any_of(stage.lineage(), [&](const Stage& each) {
      return std::ranges::any_of(each.instructions(),
                                 [&](const Instruction& step) {
                                   return step.index() < add.index() &&
                                          step.kind() == Keyword::run && calls(step, program);
                                 }) ||
             std::ranges::any_of(each.effects().effects(), [&](const Effect& effect) {
               return effect.instruction < add.index() && installs(effect, program);
             });
    });
  };
  const auto used = std::ranges::find_if(programs, is_in_front);
  if (used != programs.end()) return *used;
  const auto image = stage.base_image();
  const auto brought = std::ranges::find_if(programs, [&](std::string_view program) {
    return image && facts::brings(image->familiar_name(), image->tag, program);
  });
  return brought == programs.end() ? std::string_view() : *brought;
}

// One RUN in place of the ADD, which does it all; and the later one without what that does.
std::optional<Fix> fix(const Stage& stage, const UnpackedArchive& archive) {
  const Document& document = stage.document();
  const auto& effects = stage.effects().effects();
  const Instruction add(document, effects[archive.write].instruction);
  const auto& file = *effects[archive.write].as<FileEffect>();
  if (add.words().size() != 2 || !file.path.known) return std::nullopt;
  // ADD writes wherever it is told to, a RUN only where its user may.
  if (user_of_step(add).kind == StepUser::Kind::other) return std::nullopt;
  const auto address = shell_word(add.words()[0]);
  const auto written = written_path(add, file.path.text);
  auto unpack = removable_unpack(stage, archive);
  if (!address || !written || !unpack || unpack->command.directory() != "" ||
      unpack->command.run().is_json())
    return std::nullopt;
  const std::string_view call = document.text(unpack->command.span());
  if (call.find('\n') != std::string_view::npos) return std::nullopt;

  const std::string_view program = fetcher(stage, add);
  if (program.empty()) return std::nullopt;
  const std::string path =
      *written == file.path.text ? shell_quoted(*written) : '"' + *written + '"';
  const std::string folder =
      file.path.text.substr(0, std::max<std::size_t>(file.path.text.rfind('/'), 1));
  std::vector<std::string> steps;
  if (!is_there(folder, stage, add)) steps.push_back("mkdir -p " + shell_quoted(folder));
  steps.push_back((program == "wget" ? "wget -qO " : "curl -fsSLo ") + path + " " + *address);
  const auto checksum = add.flag("checksum");
  if (checksum && checksum->value()) {
    const std::string_view sum = checksum->value()->text();
    if (!sum.starts_with("sha256:")) return std::nullopt;
    steps.push_back(fmt::format("echo \"{}  {}\" | sha256sum -c -", sum.substr(7), *written));
  }
  if (unpack->makes_folder)
    steps.push_back("mkdir -p " +
                    shell_quoted(effects[archive.unpack].as<FileEffect>()->path.text));
  steps.emplace_back(call);
  steps.push_back("rm " + path);

  std::string run = "RUN ";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i > 0) run += fmt::format(" {}{}    && ", document.escape(), document.line_end());
    run += steps[i];
  }
  std::vector<Edit> edits = std::move(unpack->edits);
  edits.push_back(replace(add.span(), styled(run, add.keyword().text())));
  return Fix{fmt::format("Fetch, {}unpack and delete it in one RUN, with {}",
                         checksum ? "verify, " : "", program),
             Safety::unsafe, std::move(edits)};
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_delivered()) return;
  const auto& effects = stage.effects().effects();
  for (const UnpackedArchive& archive : unpacked_archives(stage, FileEffect::Source::url)) {
    const Effect& write = effects[archive.write];
    if (Instruction(stage.document(), write.instruction).flag("unpack")) continue;
    const std::string& path = write.as<FileEffect>()->path.text;
    auto finding = report.at(
        write.span,
        fmt::format("{} stays in the layer that ADD makes, beside what is unpacked from it",
                    file_name(path)));
    finding.related(effects[archive.unpack].span, "it is unpacked here, into another layer");
    if (auto made = fix(stage, archive))
      finding.fix(made->safety, std::move(made->title), std::move(made->edits));
  }
}

}  // namespace

extern constinit const Rule remote_archive_add{
    .id = "remote-archive-add",
    .title = "An archive is fetched with ADD, and then unpacked",
    .category = Category::efficiency,
    .severity = Severity::info,
    .aliases = {"kics:curl_or_wget_instead_of_add"},
    .why = R"(
`ADD` of an address stores what it fetches as it is. A `RUN` that unpacks the archive makes another layer, and the
archive stays in the first one, even if it is deleted: whoever pulls the image gets it twice.

The rule is silent in build stages, whose layers nobody gets, and where `--unpack` is given. `ADD --unpack=true`, of
version 1.17 of the syntax, is another way out: BuildKit then unpacks a tar archive at once, checks it with
`--checksum`, and needs no program in the image.

The fix puts one `RUN` in place of the `ADD`, which fetches, compares the checksum where `--checksum` gave one,
unpacks as before, and deletes the archive. It is unsafe: the step is not done anew when the file on the server
changes. There is none where neither curl nor wget is known to be there, something else names the archive, another
step lies in between, a variable says where something goes, or the step runs as another user than root, who may not
write where `ADD` may.
)",
    .bad = R"(
FROM buildpack-deps:trixie
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool-1.2.tar.gz /tmp/
RUN tar xzf /tmp/tool-1.2.tar.gz -C /opt && /opt/tool/install
)",
    .good = R"(
FROM buildpack-deps:trixie
RUN curl -fsSLo /tmp/tool-1.2.tar.gz https://example.com/tool-1.2.tar.gz \
    && echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /tmp/tool-1.2.tar.gz" | sha256sum -c - \
    && tar xzf /tmp/tool-1.2.tar.gz -C /opt \
    && rm /tmp/tool-1.2.tar.gz
RUN /opt/tool/install
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add",
                   "https://docs.docker.com/build/building/best-practices/#add-or-copy"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
