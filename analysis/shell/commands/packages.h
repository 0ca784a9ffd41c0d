#pragma once

// What package managers do: those of distributions (apt-get, apk, dnf, ...) and of languages (pip, npm,
// gem, ...). Facts on them that no command line shows (where caches lie, how to clean up) are in
// analysis/facts.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/shell/commands/options.h"

namespace bulkhead::shell {

// What a call installs, removes or fetches; for PackageCall::Action::add_source a source.
struct Package {
  enum class Kind : std::uint8_t {
    name,
    group,    // of packages: `groupinstall X`, `@X`, `task^`, `pattern:X`
    path,     // an archive or a project on disk: "./a.deb", "."
    url,      // fetched from outside of any index: "https://...", "git+ssh://...", "github:a/b"
    list,     // a file that names packages: -r requirements.txt
    unknown,  // not known before the build, or perhaps the value of an option that is not known
  };
  enum class Pin : std::uint8_t {
    none,   // whatever is newest: no version, or "latest"
    range,  // ">=2", "^1.4", "1.2.*"; and what looks like a version, but may belong to the name
    exact,
  };
  Kind kind = Kind::name;
  std::string name;  // without version, extras, architecture; the whole text of what is no name
  std::string
      version;  // without an operator that means equality: "1.2", "1.2.*", ">=2"; may be empty
  Pin pin = Pin::none;
  // Where it stands: the argument, and its first byte in there ("-rbase.txt": 2).
  std::size_t argument = 0;
  std::size_t offset = 0;

  bool operator==(const Package&) const = default;
};

// A call of a package manager, or the part of it that counts.
struct PackageCall {
  enum class Action : std::uint8_t {
    install,
    upgrade,  // what is there already; without packages: all of it
    remove,
    update_index,
    clean,     // caches
    download,  // without installing it
    add_source,
  };
  // Options by what they mean.
  enum class Setting : std::uint8_t {
    assume_yes,
    simulate,
    no_extras,   // without what is only recommended: weak dependencies, documentation, development
    no_cache,    // keeps nothing of what was fetched
    unverified,  // signatures or TLS are not checked
    trusted_host,  // value: a host whose TLS is not checked
    index,        // value: the URL of an index, or the name of a channel, in place of the usual one
    extra_index,  // the same, besides the usual one
    no_index,     // no index at all
    update_index,   // before it does the rest
    upgrade,        // also what is there already
    root,           // value: the file system that it works on
    target,         // value: a folder, or an environment, that packages go into
    virtual_group,  // value: the name under which `apk add` keeps what it installs
    global,         // not into the project
    user,           // into the home of the user
    locked,         // the versions, or hashes, of a lock file and no others
    no_scripts,     // packages cannot run code while they are installed
    force,
    release,   // value: the release or channel that versions are taken from
    purge,     // also configuration files
    unneeded,  // also what was only needed by what is removed
  };
  struct Given {
    Setting setting = Setting::assume_yes;
    Argument value = {};  // none as well where there is none
    std::size_t argument = 0;
    std::size_t offset = 0;  // as in GivenOption
  };

  // The name under which facts know it: "pip" also for pip3.11 and `python3 -m pip`, "conda" also for
  // mamba.
  std::string_view manager;
  Action action = Action::install;
  std::size_t subcommand =
      0;  // the argument that says so; 0 as well for `yarn`, which says nothing
  std::vector<Package> packages;  // none where the project's own files say what: `npm ci`
  std::vector<Given> settings;    // in order

  bool has(Setting setting) const { return find(setting) != nullptr; }
  const Given* find(Setting setting) const;  // the last one; null where it is not given
};

// What `program` does, given the words behind its name. None for what is no package manager, or where it
// does nothing of the kind (`npm run build`) or what it does is not known (`apt-get $ACTION`). Behind xargs
// there is an unknown package more.
std::optional<PackageCall> package_call(std::string_view program,
                                        std::span<const Argument> arguments);

}  // namespace bulkhead::shell
