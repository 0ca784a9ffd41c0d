#include "host/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <system_error>

#include "analysis/engine.h"
#include "analysis/facts/registries.h"
#include "analysis/rule.h"
#include "analysis/text/lines.h"
#include "analysis/text/path.h"
#include "analysis/text/spelling.h"
#include "host/file.h"
#include "host/git_ignored.h"
#include "host/yaml.h"

namespace bulkhead::host {
namespace fs = std::filesystem;
namespace {

using yaml::Field;
using yaml::Node;

constexpr std::array<std::string_view, 2> names = {".bulkhead.yaml", ".bulkhead.yml"};

// Whether one of the patterns names the file or a folder that it lies in.
bool name_it(const GitIgnore& patterns, std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    if (const auto verdict = patterns.verdict(path.substr(0, slash), true); verdict && *verdict)
      return true;
  }
  return patterns.verdict(path, false).value_or(false);
}

}  // namespace

bool is_configuration_name(std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

class Configuration::Reader {
 public:
  Reader(Configuration& to, std::string_view text, std::string_view name)
      : to_(to), text_(text), name_(name) {}

  void read() {
    const yaml::Reading reading = read_yaml(text_);
    if (reading.fault) return complain(reading.fault->place, reading.fault->why);
    if (!reading.root || reading.root->kind == Node::Kind::null) return;
    if (reading.root->kind != Node::Kind::mapping)
      return complain(*reading.root, "settings are of the form `ignore: [RULE]`");
    for (const Field& field : reading.root->fields) {
      if (!is_nonsense()) read(field);
    }
  }

 private:
  void read(const Field& field);

  void select(const Node& value) { to_.common_.config.select = rules(value); }
  void enable(const Node& value) { to_.common_.config.enable = rules(value); }
  void ignore(const Node& value) { to_.common_.config.ignore = rules(value); }

  void severity(const Node& value) {
    if (!require(value, Node::Kind::mapping, "the severities of rules, of the form `RULE: error`"))
      return;
    for (const Field& field : value.fields) {
      const auto severity = severity_named(field.value.text);
      if (!severity)
        complain(field.value, quoted(field.value.text) +
                                  " is no severity: there are error, warning, info and hint");
      for (const Rule* rule : rules(field.key)) {
        if (severity) to_.common_.config.severities.insert_or_assign(rule, *severity);
      }
    }
  }

  void trusted_registries(const Node& value) {
    for (const Node* glob : list(value, "registries, such as registry.example.com")) {
      if (facts::can_be_registry(glob->text)) {
        to_.common_.trusted_registries.push_back(glob->text);
      } else {
        complain(*glob, quoted(glob->text) + " is no registry, such as registry.example.com");
      }
    }
  }

  void fail_level(const Node& value) {
    to_.common_.fail_level = fail_level_named(value.text);
    if (!to_.common_.fail_level)
      complain(value, quoted(value.text) +
                          " is no fail level: there are error, warning, info, hint and never");
  }

  void exclude(const Node& value) { to_.exclude_ = patterns(value); }

  void per_file_ignores(const Node& value) {
    if (!require(value, Node::Kind::mapping,
                 "patterns with the rules that are left out there, of the form `tests/: [RULE]`"))
      return;
    for (const Field& field : value.fields) {
      setting_ = field.key.text;
      to_.per_file_.push_back({patterns(field.key), rules(field.value)});
    }
  }

  // The entries of a list, or the one that stands there alone; `what` tells what has to.
  std::vector<const Node*> list(const Node& value, std::string_view what) {
    const bool is_list =
        value.kind == Node::Kind::scalar || (value.kind == Node::Kind::sequence &&
                                             std::ranges::all_of(value.items, [](const Node& item) {
                                               return item.kind == Node::Kind::scalar;
                                             }));
    if (is_list) return value.scalars();
    complain(value, fmt::format("{} has to be a list of {}", setting_, what));
    return {};
  }

  // Each once.
  std::vector<const Rule*> rules(const Node& value) {
    std::vector<const Rule*> rules;
    for (const Node* name : list(value, "rules")) {
      if (is_nonsense()) break;
      const auto [known, is_new] = named_.try_emplace(name->text);
      if (is_new) known->second = rules_named(name->text);
      if (known->second.empty()) complain(*name, no_such_rule(name->text));
      for (const Rule* rule : known->second) {
        if (std::ranges::find(rules, rule) == rules.end()) rules.push_back(rule);
      }
    }
    return rules;
  }

  GitIgnore patterns(const Node& value) {
    std::string lines;
    for (const Node* pattern : list(value, "patterns, as .gitignore has them"))
      lines += pattern->text + "\n";
    return GitIgnore(lines);
  }

  bool require(const Node& value, Node::Kind kind, std::string_view what) {
    if (value.kind == kind) return true;
    complain(value, fmt::format("{} has to give {}", setting_, what));
    return false;
  }

  static std::string quoted(std::string_view text) { return fmt::format("'{}'", text); }

  void complain(const Node& at, std::string_view what) { complain(at.span.begin, what); }
  void complain(std::uint32_t place, std::string_view what) {
    if (is_nonsense()) return;
    const std::uint32_t line = Lines(text_).position(text_, place, Encoding::utf8).line;
    to_.common_.problems.push_back(fmt::format("{}:{}: {}", name_, line + 1, what));
  }

  // What has so many problems is no configuration, and the rest of it is not worth the time.
  bool is_nonsense() const { return to_.common_.problems.size() == 20; }

  Configuration& to_;
  std::string_view text_;
  std::string_view name_;
  std::string_view setting_;                               // what is being read, for the user
  std::map<std::string, std::vector<const Rule*>> named_;  // what names mean
};

void Configuration::Reader::read(const Field& field) {
  struct Setting {
    std::string_view name;
    void (Reader::*read)(const Node& value);
  };
  static constexpr std::array<Setting, 8> settings = {
      {{"select", &Reader::select},
       {"enable", &Reader::enable},
       {"ignore", &Reader::ignore},
       {"severity", &Reader::severity},
       {"trusted-registries", &Reader::trusted_registries},
       {"fail-level", &Reader::fail_level},
       {"exclude", &Reader::exclude},
       {"per-file-ignores", &Reader::per_file_ignores}}};
  const auto known = std::ranges::find(settings, field.key.text, &Setting::name);
  if (known != settings.end()) {
    setting_ = known->name;
    // Not where the value is still to be written.
    if (field.value.kind != Node::Kind::null) (this->*known->read)(field.value);
    return;
  }
  std::vector<std::string_view> names_of_settings;
  for (const Setting& setting : settings) names_of_settings.push_back(setting.name);
  complain(field.key, "there is no setting " + quoted(field.key.text) +
                          did_you_mean(field.key.text, names_of_settings));
}

Configuration::Configuration(std::string_view text, std::string_view name) {
  Reader(*this, text, name).read();
}

Settings Configuration::settings(std::string_view path) const {
  Settings settings = common_;
  settings.excluded = exclude_ && name_it(*exclude_, path);
  for (const auto& [files, ignore] : per_file_) {
    if (name_it(files, path)) std::ranges::copy(ignore, std::back_inserter(settings.config.ignore));
  }
  return settings;
}

// ---- Which one is for a file

Configurations::Configurations(std::optional<fs::path> only) {
  std::error_code error;
  only_ = only ? read(*only, fs::current_path(error)) : nullptr;
}

Configurations::FoundPointer Configurations::read(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path start = fs::current_path(error);
  const bool is_below_start = is_within(file.native(), start.native());
  const std::string name = (is_below_start ? file.lexically_relative(start) : file).native();
  const auto made = [&](auto&&... of) {
    return std::make_shared<const Found>(Found{Configuration(of...), folder});
  };
  try {
    return made(read_file(file, max_nearby_size), name);
  } catch (const FileError& problem) {
    return made(std::string(problem.what()));
  }
}

Configurations::FoundPointer Configurations::nearest(const fs::path& folder) {
  std::error_code error;
  const auto repository = repository_of(folder);
  const fs::path start = fs::current_path(error);
  const bool is_below_start =
      start != start.root_path() && is_within(folder.native(), start.native());
  const fs::path last = repository ? *repository : is_below_start ? start : folder.parent_path();
  for (fs::path at = folder;; at = at.parent_path()) {
    for (const std::string_view name : names) {
      const fs::path file = at / name;
      if (fs::is_regular_file(file, error)) return read(file, at);
    }
    if (at == last || at == at.root_path()) return nullptr;
  }
}

Settings Configurations::settings(const fs::path& file) {
  std::error_code error;
  const fs::path path = fs::absolute(file, error).lexically_normal();
  const fs::path folder = path.parent_path();
  const FoundPointer found =
      only_ ? *only_ : *by_folder_->get(folder, [&] { return nearest(folder); });
  return found ? found->configuration.settings(path.lexically_relative(found->folder).native())
               : Settings();
}

}  // namespace bulkhead::host
