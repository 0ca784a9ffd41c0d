#include "analysis/rules/unused_account.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>
#include <vector>

#include "analysis/facts/servers.h"
#include "analysis/facts/users.h"
#include "analysis/model/accounts.h"
#include "analysis/model/effects.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"
#include "analysis/rules/root_servers.h"
#include "analysis/rules/step_down.h"
#include "analysis/rules/workplaces.h"

namespace bulkhead::rules {
namespace {

// The last account of the lineage that is made for certain, and stays.
std::optional<UnusedAccount> made_account(const Stage& stage, const Instruction& start) {
  using Kind = shell::AccountChange::Kind;
  std::vector<UnusedAccount> made;
  const auto lineage = stage.lineage();
  for (const Stage& at : std::views::reverse(lineage)) {
    at.effects().each<AccountEffect>([&](const Effect& effect, const AccountEffect& account) {
      const shell::AccountChange& change = account.change;
      if (!change.name || is_root(*change.name) || change.uid == 0U) return;
      if (change.kind == Kind::makes_user && effect.certain)
        made.push_back({*change.name, effect.span, at, start});
      if (change.kind == Kind::removes_user)
        std::erase_if(made, [&](const UnusedAccount& each) { return each.name == change.name; });
    });
  }
  if (made.empty()) return std::nullopt;
  return made.back();
}

// The write that leaves the program where it is started from; null where the Dockerfile has none.
const Effect* write_of(const Timeline& timeline, std::string_view program) {
  constexpr std::array<std::string_view, 6> folders = {
      "/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"};
  const std::size_t end = timeline.effects().size();
  if (program.find('/') != std::string_view::npos)
    return timeline.last_write(normalized(std::string(program)), end);
  for (const std::string_view folder : folders) {
    if (const Effect* write = timeline.last_write(std::string(folder).append(program), end))
      return write;
  }
  return nullptr;
}

// Whether an ENTRYPOINT without an extension is a script all the same: a file of the build context that is
// handed the command to go on with, or that had to be made executable.
bool is_wrapper(const Process& process, const Timeline& timeline, const Effect& write) {
  const FileEffect& file = *write.as<FileEffect>();
  if (!process.entrypoint || file.source != FileEffect::Source::context) return false;
  const auto words = process.command ? process.command->words() : process.entrypoint->words();
  const bool has_program =
      process.command && !words.empty() && !words.front().text().starts_with('-');
  return has_program ||
         std::ranges::any_of(timeline.on_path(file.path.text, false), [&](std::size_t at) {
           return timeline.effects()[at].as<FileEffect>()->kind == FileEffect::Kind::sets_mode;
         });
}

// Whether the process is started by a script whose text is not in the Dockerfile.
bool is_hidden_script(const Stage& stage, const Process& process) {
  const std::string& program = process.words.front();
  const Timeline& timeline = stage.effects();
  const Effect* write = write_of(timeline, program);
  const bool is_script = program.ends_with(".sh") || program.ends_with(".bash") ||
                         file_name(program).find("entrypoint") != std::string_view::npos ||
                         file_name(program).find("start") != std::string_view::npos ||
                         file_name(program).find("init") != std::string_view::npos ||
                         (write != nullptr && is_wrapper(process, timeline, *write));
  return is_script && (write == nullptr || !write->as<FileEffect>()->text);
}

}  // namespace

std::optional<UnusedAccount> unused_account(const Stage& stage, const Report& report) {
  if (!stage.is_shipped() || is_workplace(stage) || stage.user().set_by) return std::nullopt;
  const Process process = process_of(stage);
  const auto start = process.start();
  if (!start || process.words.empty() || is_prompt(process)) return std::nullopt;
  const auto account = made_account(stage, *start);
  if (!account) return std::nullopt;
  const auto base = base_of(stage);
  if (base) {
    using Kind = facts::DefaultUser::Kind;
    const Kind kind = facts::default_user(base->name, base->tag).kind;
    if (kind == Kind::non_root || (kind == Kind::steps_down && !process.entrypoint))
      return std::nullopt;
  }
  const bool has_purpose = std::ranges::any_of(process.words, [&](const std::string& word) {
    const facts::Server* server =
        base ? facts::server(word, base->name, base->tag) : facts::server(word, "", "");
    return (server != nullptr && server->leaves_root) ||
           word.find(account->name) != std::string::npos;
  });
  if (has_purpose || steps_down(stage, report) || is_hidden_script(stage, process) ||
      root_server(stage) || is_given_user(stage))
    return std::nullopt;
  return account;
}

}  // namespace bulkhead::rules
