#include "report/timeline.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "analysis/model/effects.h"
#include "analysis/text/ascii.h"
#include "report/glyphs.h"
#include "report/terminal.h"

namespace bulkhead::report {
namespace {

using Json = nlohmann::ordered_json;

// One effect in words: a verb, what it is done to, and what else is known, each ready to be shown.
struct Line {
  std::string verb;
  std::string object;
  std::vector<std::string> details;
};

std::string_view verb(shell::PackageCall::Action action) {
  using Action = shell::PackageCall::Action;
  switch (action) {
    case Action::install:
      return "installs";
    case Action::upgrade:
      return "upgrades";
    case Action::remove:
      return "removes packages";
    case Action::update_index:
      return "refreshes index";
    case Action::clean:
      return "cleans up";
    case Action::download:
      return "fetches packages";
    case Action::add_source:
      return "adds source";
  }
  return "";
}

std::string_view verb(shell::AccountChange::Kind kind) {
  using Kind = shell::AccountChange::Kind;
  switch (kind) {
    case Kind::makes_user:
      return "makes user";
    case Kind::makes_group:
      return "makes group";
    case Kind::joins_group:
      return "adds to group";
    case Kind::changes_user:
      return "changes user";
    case Kind::changes_group:
      return "changes group";
    case Kind::sets_password:
      return "sets password";
    case Kind::clears_password:
      return "clears password";
    case Kind::locks_password:
      return "locks password";
    case Kind::unlocks_password:
      return "unlocks password";
    case Kind::removes_user:
      return "removes user";
    case Kind::removes_group:
      return "removes group";
  }
  return "";
}

std::string_view verb(FileEffect::Kind kind) {
  switch (kind) {
    case FileEffect::Kind::writes:
      return "writes";
    case FileEffect::Kind::makes_folder:
      return "makes folder";
    case FileEffect::Kind::deletes:
      return "deletes";
    case FileEffect::Kind::sets_mode:
      return "sets mode of";
    case FileEffect::Kind::sets_owner:
      return "sets owner of";
  }
  return "";
}

std::string_view verb(ProgramEffect::How how) {
  switch (how) {
    case ProgramEffect::How::run:
      return "runs";
    case ProgramEffect::How::entrypoint:
      return "starts with";
    case ProgramEffect::How::cmd:
      return "starts by default";
    case ProgramEffect::How::arguments:
      return "is handed by default";
    case ProgramEffect::How::healthcheck:
      return "checks health with";
    case ProgramEffect::How::script:
      return "runs script";
    case ProgramEffect::How::input:
      return "runs input in";
    case ProgramEffect::How::text:
      return "runs text in";
    case ProgramEffect::How::package:
      return "installs";
  }
  return "";
}

std::string_view name(VariableEffect::Into into) {
  switch (into) {
    case VariableEffect::Into::argument:
      return "argument";
    case VariableEffect::Into::file:
      return "file";
    case VariableEffect::Into::url:
      return "url";
    case VariableEffect::Into::environment:
      return "environment";
    case VariableEffect::Into::path:
      return "path";
    case VariableEffect::Into::secret_mount:
      return "secret mount";
    case VariableEffect::Into::ssh_mount:
      return "ssh mount";
  }
  return "";
}

std::string octal(std::uint16_t mode) {
  return fmt::format("{:04o}", mode);
}

std::string origin(const FileEffect& file) {
  using Source = FileEffect::Source;
  switch (file.source) {
    case Source::nothing:
      return "empty";
    case Source::context:
      return "from context: " + file.from.text;
    case Source::stage:
      return fmt::format("from stage {}: {}", file.stage.value_or(0), file.from.text);
    case Source::image:
      return fmt::format("from {}: {}", file.image, file.from.text);
    case Source::url:
      return "from " + file.from.text;
    case Source::text:
      return fmt::format("{} of text", count(file.text.value_or("").size(), "byte"));
    case Source::file:
      return "from " + file.from.text;
    case Source::link:
      return "a link to " + file.from.text;
    case Source::archive:
      return file.from.text.empty() ? "unpacked" : "unpacked from " + file.from.text;
    case Source::download:
      return "downloaded";
    case Source::command:
      return "by the command";
  }
  return "";
}

Line line(const PackageEffect& effect) {
  Line line{std::string(verb(effect.call.action)), std::string(effect.call.manager), {}};
  std::string packages;
  for (const shell::Package& package : effect.call.packages) {
    packages += packages.empty() ? "" : " ";
    packages += package.name.empty() ? "?" : package.name;
    if (!package.version.empty()) packages += "=" + package.version;
  }
  const bool by_project = effect.call.action == shell::PackageCall::Action::install;
  if (packages.empty() && by_project) packages = "what the project asks for";
  if (!packages.empty()) line.object += ": " + packages;
  return line;
}

Line line(const AccountEffect& effect) {
  const shell::AccountChange& change = effect.change;
  Line line{std::string(verb(change.kind)), change.name.value_or("?"), {}};
  if (change.uid) line.details.push_back("uid " + std::to_string(*change.uid));
  if (change.gid) line.details.push_back("gid " + std::to_string(*change.gid));
  if (change.group) line.details.push_back("group " + *change.group);
  if (change.system) line.details.emplace_back("system");
  return line;
}

Line line(const FileEffect& file) {
  Line line{std::string(verb(file.kind)), file.path.text.empty() ? "?" : file.path.text, {}};
  if (!file.folder.empty()) {
    line.object += fmt::format(" (or what is in it, to {})", file.folder);
  } else if (file.filtered) {
    line.object = "some of what is in " + line.object;
  } else if (file.recursive && !file.path.text.empty()) {
    line.object += " and below";
  }
  const bool has_bytes = file.kind == FileEffect::Kind::writes;
  if (has_bytes) line.details.push_back((file.appends ? "more, " : "") + origin(file));
  if (file.in_mount) line.details.emplace_back("in a mount");
  if (!file.owner.empty()) line.details.push_back("owner " + file.owner);
  if (!file.mode.empty() && file.kind == FileEffect::Kind::sets_mode) {
    line.details.push_back("to " + file.mode);
  }
  if (file.mode_after) {
    const bool changes = file.mode_before && file.mode_before != file.mode_after;
    line.details.push_back("mode " + (changes ? octal(*file.mode_before) + " → " : "") +
                           octal(*file.mode_after));
  } else if (!file.mode.empty() && file.kind != FileEffect::Kind::sets_mode) {
    line.details.push_back("mode " + file.mode);
  }
  return line;
}

Line line(const DownloadEffect& download) {
  Line line{"downloads", download.url.text.empty() ? "?" : download.url.text, {}};
  if (!download.path.text.empty()) line.details.push_back("to " + download.path.text);
  if (!download.piped_into.empty()) line.details.push_back("into " + download.piped_into);
  if (download.unverified) line.details.emplace_back("certificate not checked");
  if (!download.tls && !download.unverified) line.details.emplace_back("not encrypted");
  if (download.verified) line.details.emplace_back("verified");
  return line;
}

Line line(const ProgramEffect& program) {
  Line line{std::string(verb(program.how)), program.program.text, {}};
  if (program.downloaded) line.details.emplace_back("downloaded");
  return line;
}

Line line(const VariableEffect& variable) {
  using Into = VariableEffect::Into;
  const bool is_secret = variable.into == Into::secret_mount || variable.into == Into::ssh_mount;
  Line line{is_secret
                ? "reads " + std::string(variable.into == Into::ssh_mount ? "ssh agent" : "secret")
                : "uses",
            variable.name,
            {}};
  if (!is_secret) line.details.push_back("in " + std::string(name(variable.into)));
  if (!variable.path.text.empty()) line.details.push_back("at " + variable.path.text);
  return line;
}

Line line_of(const Effect& effect) {
  return std::visit([](const auto& what) { return line(what); }, effect.what);
}

std::uint32_t line_number(const Document& document, std::uint32_t offset) {
  return document.lines().position(document.text(), offset, Encoding::utf32).line + 1;
}

std::string headline(const Stage& stage) {
  const From from = stage.from();
  const auto image = from.image_word();
  std::string text = fmt::format("stage {}", stage.index());
  if (!stage.name().empty()) text += " " + printable(stage.name());
  text += ": FROM " + printable(image ? std::string(image->text()) : "");
  return text;
}

}  // namespace

std::string timeline(const Document& document, const Style& style) {
  std::string out;
  for (const Stage& stage : document.stages()) {
    out += paint(style, color::bold, headline(stage)) + "\n";
    std::optional<std::uint32_t> instruction;
    std::string user;
    for (const Effect& effect : stage.effects().effects()) {
      if (instruction != effect.instruction) {
        instruction = effect.instruction;
        const Instruction owner = document.instructions()[effect.instruction];
        std::string where = effect.layer ? fmt::format("layer {}", *effect.layer + 1) : "image";
        where += ": " + upper_case(owner.keyword().text());
        if (owner.is_trigger()) where += " (by ONBUILD)";
        user = stage.state_before(effect.instruction).account.text;
        if (!user.empty()) where += " as " + printable(user);
        out += "  " + paint(style, color::cyan, where) + "\n";
      }
      const Line line = line_of(effect);
      std::string text = fmt::format("{:>6}  {} {}", line_number(document, effect.span.begin),
                                     line.verb, printable(line.object));
      for (const std::string& detail : line.details) text += ", " + printable(detail);
      if (effect.user != user) text += ", as " + printable(effect.user);
      if (!effect.certain) text += " " + paint(style, color::faint, "(possibly)");
      out += text + "\n";
    }
  }
  return out;
}

std::string timeline_json(const Document& document) {
  std::string out;
  for (const Stage& stage : document.stages()) {
    Json effects = Json::array();
    for (const Effect& effect : stage.effects().effects()) {
      const Line line = line_of(effect);
      Json item{{"line", line_number(document, effect.span.begin)},
                {"verb", line.verb},
                {"object", line.object}};
      if (effect.layer) item["layer"] = *effect.layer + 1;
      if (!line.details.empty()) item["details"] = line.details;
      if (!effect.user.empty()) item["user"] = effect.user;
      item["certain"] = effect.certain;
      effects.push_back(std::move(item));
    }
    const auto image = stage.from().image_word();
    const Json object{{"stage", stage.index()},
                      {"name", stage.name()},
                      {"from", image ? std::string(image->text()) : ""},
                      {"effects", std::move(effects)}};
    if (!out.empty()) out += ",";
    out += object.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return out;
}

}  // namespace bulkhead::report
