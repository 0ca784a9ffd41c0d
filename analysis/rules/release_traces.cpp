#include "analysis/rules/release_traces.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "analysis/facts/package_managers.h"
#include "analysis/facts/packages.h"
#include "analysis/facts/programs.h"
#include "analysis/facts/users.h"
#include "analysis/model/effects.h"
#include "analysis/rules/effect_commands.h"
#include "analysis/rules/stage_uses.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead::rules {
namespace {

constexpr std::size_t most = 3;

bool is_letter_or_digit(char c) {
  return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'z');
}

// A way to write a release.
struct Spelling {
  std::string name;     // "python", "buster"
  std::string version;  // behind it, and perhaps one of -/_; empty where the name says all
};

std::vector<Spelling> spellings(const facts::Support& release) {
  const std::string version(release.cycle);
  std::vector<Spelling> all;
  if (!release.codename.empty()) all.push_back({std::string(release.codename), ""});
  all.push_back({std::string(release.product), version});
  if (release.product == "alpine") all.push_back({"v" + version, ""});
  if (release.product == "golang") all.push_back({"go", version});
  if (release.product == "postgres") all.push_back({"postgresql", version});
  return all;
}

// Whether text[at] stands in a line of comment.
bool is_commented(std::string_view text, std::size_t at) {
  const std::string_view line = text.substr(line_begin(text, static_cast<std::uint32_t>(at)));
  const std::size_t first = line.find_first_not_of(" \t");
  return first != std::string_view::npos && line[first] == '#';
}

// Where the name begins whose version stands at text[version].
std::optional<std::size_t> name_before(std::string_view text, std::size_t version,
                                       std::string_view name) {
  const bool is_apart =
      version > 0 && std::string_view("-/_").find(text[version - 1]) != std::string_view::npos;
  const std::size_t end = is_apart ? version - 1 : version;
  if (end < name.size()) return std::nullopt;
  const std::size_t at = end - name.size();
  return equals_ignoring_case(text.substr(at, name.size()), name) ? std::optional(at)
                                                                  : std::nullopt;
}

// Where the spelling stands in `text`, as a word of its own.
std::optional<Span> find(std::string_view text, const Spelling& spelling) {
  const bool has_version = !spelling.version.empty();
  const std::string_view rarest = has_version ? spelling.version : spelling.name;
  for (std::size_t found = find_ignoring_case(text, rarest); found != std::string_view::npos;
       found = find_ignoring_case(text, rarest, found + 1)) {
    const auto at = has_version ? name_before(text, found, spelling.name) : std::optional(found);
    if (!at) continue;
    const std::size_t end = found + rarest.size();
    const bool goes_on =
        end < text.size() && (has_version ? is_digit(text[end]) : is_letter_or_digit(text[end]));
    const bool is_part = *at > 0 && is_letter_or_digit(text[*at - 1]);
    if (!goes_on && !is_part && !is_commented(text, *at))
      return Span{static_cast<std::uint32_t>(*at), static_cast<std::uint32_t>(end)};
  }
  return std::nullopt;
}

bool counts(Keyword keyword) {
  switch (keyword) {
    case Keyword::add:
    case Keyword::arg:
    case Keyword::cmd:
    case Keyword::copy:
    case Keyword::entrypoint:
    case Keyword::env:
    case Keyword::healthcheck:
    case Keyword::run:
    case Keyword::volume:
    case Keyword::workdir:
      return true;
    default:
      return false;
  }
}

void add_packages(const Stage& stage, std::vector<Trace>& traces) {
  stage.effects().each<PackageEffect>([&](const Effect& effect, const PackageEffect& packages) {
    const shell::PackageCall& call = packages.call;
    const facts::PackageManager* manager = facts::package_manager(call.manager);
    if (!effect.command || !manager || !manager->of_system || traces.size() >= most ||
        call.action != shell::PackageCall::Action::install)
      return;
    for (const shell::Package& package : call.packages) {
      const bool is_tied = package.kind == shell::Package::Kind::name &&
                           (!package.version.empty() || facts::belongs_to_release(package.name));
      if (!is_tied || traces.size() >= most) continue;
      const auto arguments = command_of(stage.document(), effect).arguments();
      traces.push_back({arguments[package.argument].span()});
    }
  });
}

// The accounts that the image `heir` has and `image` has not.
std::vector<facts::ImageUser> new_users(const ImageReference& image, const ImageReference& heir) {
  std::vector<facts::ImageUser> users = facts::users_of(heir.familiar_name(), heir.tag);
  for (const facts::ImageUser& old : facts::users_of(image.familiar_name(), image.tag))
    std::erase_if(users, [&](const facts::ImageUser& user) { return user.name == old.name; });
  return users;
}

// Accounts, and numbers, that are one of `taken`, unless that one is removed.
void add_accounts(const Stage& stage, std::vector<facts::ImageUser>& taken,
                  std::vector<Trace>& traces) {
  using Kind = shell::AccountChange::Kind;
  stage.effects().each<AccountEffect>([&](const Effect& effect, const AccountEffect& account) {
    const shell::AccountChange& change = account.change;
    if (change.kind == Kind::removes_user)
      std::erase_if(taken, [&](const facts::ImageUser& user) { return change.name == user.name; });
    const bool gives = change.kind == Kind::makes_user || change.kind == Kind::makes_group ||
                       change.kind == Kind::changes_user || change.kind == Kind::changes_group;
    const bool is_taken = std::ranges::any_of(taken, [&](const facts::ImageUser& user) {
      return change.name == user.name || (change.uid && change.uid == user.uid) ||
             (change.gid && change.gid == user.gid);
    });
    // useradd makes a group as well.
    const bool is_told = !traces.empty() && traces.back().place == effect.span;
    if (gives && is_taken && !is_told && traces.size() < most)
      traces.push_back({effect.span, "the new image brings this account, or its number, itself"});
  });
}

}  // namespace

Lineages::Lineages(const Document& document, SharedViews& views) {
  std::vector<std::uint32_t> roots;
  for (const Stage& stage : document.stages()) {
    const auto parent = stage.parent();
    roots.push_back(parent ? roots[parent->index()] : stage.index());
    by_root.emplace_back();
    by_root[roots.back()].stages.push_back(stage);
  }
  for (const StageUse& use : views.of<StageUses>(document).uses) {
    if (!use.used) continue;
    const std::uint32_t root = roots[use.used->index()];
    if (root != roots[use.instruction.stage()->index()])
      by_root[root].takers.push_back(use.instruction);
  }
}

std::vector<Trace> release_traces(const From& from, const std::vector<facts::Support>& old,
                                  const std::string& heir, const Report& report) {
  std::vector<Trace> traces;
  const auto stage = from.stage();
  if (!stage) return traces;
  const Document& document = from.document();
  const auto& [stages, takers] = report.view<Lineages>(document).by_root[stage->index()];
  std::vector<Spelling> wanted;
  for (const facts::Support& release : old) {
    const auto more = spellings(release);
    wanted.insert(wanted.end(), more.begin(), more.end());
  }
  const auto read = [&](const Instruction& instruction) {
    if (!counts(instruction.kind())) return;
    const std::string_view text = document.text(instruction.span());
    for (const Spelling& spelling : wanted) {
      if (traces.size() >= most) return;
      if (const auto found = find(text, spelling))
        traces.push_back({shifted(*found, instruction.begin())});
    }
  };
  const bool changes_accounts = std::ranges::any_of(stages, [](const Stage& built) {
    return std::ranges::any_of(built.effects().effects(), [](const Effect& effect) {
      return effect.as<AccountEffect>() != nullptr;
    });
  });
  std::vector<facts::ImageUser> users;
  if (changes_accounts && !heir.empty()) users = new_users(from.image(), parse_image(heir));
  for (const Stage& built : stages) {
    for (const Instruction& instruction : built.instructions()) read(instruction);
    add_packages(built, traces);
    if (!users.empty()) add_accounts(built, users, traces);
  }
  for (const Instruction& taker : takers) read(taker);
  return traces;
}

std::string_view first_without_programs(const From& from, const Report& report) {
  const auto stage = from.stage();
  if (!stage) return {};
  const auto& built = report.view<Lineages>(from.document()).by_root[stage->index()].stages;
  return facts::first_without(from.image().familiar_name(), [&](std::string_view program) {
    const auto calls = [&](const Instruction& instruction) {
      return std::ranges::any_of(instruction.commands(),
                                 [&](const Command& command) { return command.name() == program; });
    };
    return std::ranges::any_of(
        built, [&](const Stage& each) { return std::ranges::any_of(each.instructions(), calls); });
  });
}

}  // namespace bulkhead::rules
