#include "analysis/shell/commands/package_managers.h"

#include <algorithm>
#include <array>
#include <string>

#include "analysis/text/ascii.h"

namespace bulkhead::shell {
namespace {

using Action = PackageCall::Action;
using Kind = Package::Kind;
using Operands = PackageSubcommand::Operands;
using Pin = Package::Pin;
using Role = PackageOptionRole;
using Setting = PackageCall::Setting;

// ---- Packages and their versions

bool is_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  return colon != std::string_view::npos && colon > 0;
}

bool is_path(std::string_view text) {
  return text == "." || text == ".." || text.starts_with("./") || text.starts_with("../") ||
         text.starts_with('/');
}

bool is_hash(std::string_view text) {
  return text.size() >= 7 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

// "1.2.3", "v1.2.3-rc.1+x": nothing of it is left open.
bool is_full_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::string_view core = text.substr(0, text.find_first_of("-+"));
  return !core.empty() && is_digit(core[0]) && std::ranges::count(core, '.') >= 2 &&
         core.find_first_not_of("0123456789.") == core.npos && core.back() != '.';
}

// A commit behind '@' or '#', or a checksum, pins what is fetched from a URL.
Pin pin_of_url(std::string_view url) {
  const std::size_t mark = url.find_last_of("@#");
  if (mark == url.npos) return Pin::none;
  const std::string_view behind = url.substr(mark + 1);
  if (behind.starts_with("sha256=") || behind.starts_with("sha512=")) return Pin::exact;
  const std::string_view commit = behind.substr(0, behind.find_first_of("&?#"));
  return is_hash(commit) ? Pin::exact : Pin::none;
}

// Whether `package` is an archive, a folder or a URL, and no name.
bool split_place(Package& package, std::string_view ends = {}) {
  if (is_url(package.name)) {
    package.kind = Kind::url;
    package.pin = pin_of_url(package.name);
    return true;
  }
  if (is_path(package.name) || (!ends.empty() && package.name.ends_with(ends))) {
    package.kind = Kind::path;
    return true;
  }
  return false;
}

// Cuts the name off before `at` and keeps what follows from `version` on.
void cut(Package& package, std::size_t at, std::size_t version, Pin pin) {
  package.version = package.name.substr(std::min(version, package.name.size()));
  package.name.resize(at);
  package.pin = package.version.empty() ? Pin::none : pin;
}

Pin exact_unless_glob(std::string_view version) {
  return version.find('*') == version.npos ? Pin::exact : Pin::range;
}

// apt-get(8): name[:architecture][=version|/release][+|-], tasks end in ^.
void split_apt(Package& package) {
  if (split_place(package, ".deb")) return;
  if (package.name.ends_with('^')) {
    package.kind = Kind::group;
    package.name.pop_back();
    return;
  }
  const std::size_t mark = package.name.find_first_of("=/");
  if (mark != std::string::npos) {
    const bool is_release = package.name[mark] == '/';
    const std::string_view version = std::string_view(package.name).substr(mark + 1);
    cut(package, mark, is_release ? mark : mark + 1,
        is_release ? Pin::range : exact_unless_glob(version));
  }
  package.name.resize(std::min(package.name.find(':'), package.name.size()));
}

// apk-world(5): name[@repository][operator version]
void split_apk(Package& package) {
  if (split_place(package, ".apk")) return;
  const std::size_t mark = package.name.find_first_of("=<>~");
  if (mark != std::string::npos) {
    const bool is_equal =
        package.name[mark] == '=' && mark + 1 < package.name.size() &&
        std::string_view("=~<>").find(package.name[mark + 1]) == std::string_view::npos;
    cut(package, mark, is_equal ? mark + 1 : mark, is_equal ? Pin::exact : Pin::range);
  }
  package.name.resize(std::min(package.name.find('@'), package.name.size()));
}

// The last '-' of `text` in front of a digit, from which on every part begins with one; npos for none.
std::size_t version_dash(std::string_view text) {
  std::size_t found = text.npos;
  for (std::size_t dash = text.rfind('-'); dash != text.npos && dash > 0;
       dash = text.rfind('-', dash - 1)) {
    if (dash + 1 == text.size() || !is_digit(text[dash + 1])) break;
    found = dash;
  }
  return found;
}

// dnf(8), "Specifying packages": name-[epoch:]version[-release][.architecture], which no rule tells from
// a name that ends in a number; `@group`, `@module:stream`.
void split_rpm(Package& package) {
  if (split_place(package, ".rpm")) return;
  if (package.name.starts_with('@')) {
    package.kind = Kind::group;
    package.name.erase(0, 1);
    return;
  }
  const std::size_t dash = version_dash(package.name);
  if (dash != std::string::npos) {
    const std::string_view version = std::string_view(package.name).substr(dash + 1);
    const bool is_sure = version.find('-') != version.npos || std::ranges::count(version, '.') >= 2;
    cut(package, dash, dash + 1, is_sure ? exact_unless_glob(version) : Pin::range);
    return;
  }
  constexpr std::string_view architectures[] = {".x86_64", ".i686", ".noarch", ".aarch64"};
  for (const std::string_view architecture : architectures) {
    if (package.name.ends_with(architecture))
      package.name.resize(package.name.size() - architecture.size());
  }
}

// zypper(8): name[.architecture][operator version], pattern:name
void split_zypper(Package& package) {
  if (split_place(package, ".rpm")) return;
  if (package.name.starts_with("pattern:")) {
    package.kind = Kind::group;
    package.name.erase(0, 8);
    return;
  }
  const std::size_t mark = package.name.find_first_of("=<>");
  if (mark != std::string::npos) {
    const bool is_equal = package.name[mark] == '=';
    cut(package, mark, is_equal ? mark + 1 : mark, is_equal ? Pin::exact : Pin::range);
  }
}

// pacman(8): [repository/]name[operator version]; the version is only compared.
void split_pacman(Package& package) {
  if (is_url(package.name) || package.name.find(".pkg.tar") != std::string::npos) {
    package.kind = is_url(package.name) ? Kind::url : Kind::path;
    return;
  }
  const std::size_t mark = package.name.find_first_of("=<>");
  if (mark != std::string::npos) {
    const bool is_equal = package.name[mark] == '=';
    cut(package, mark, is_equal ? mark + 1 : mark, is_equal ? Pin::exact : Pin::range);
  }
  package.name.erase(0, package.name.rfind('/') + 1);
}

// emerge(1): [operator]category/name[-version][:slot], @set
void split_emerge(Package& package) {
  if (package.name.starts_with('@')) {
    package.kind = Kind::group;
    package.name.erase(0, 1);
    return;
  }
  const std::size_t name = package.name.find_first_not_of("=<>~!");
  if (name == 0 || name == std::string::npos) return;
  const bool is_equal = package.name.starts_with('=');
  package.name.erase(0, name);
  const std::size_t dash = package.name.find('-');
  for (std::size_t at = dash; at != std::string::npos; at = package.name.find('-', at + 1)) {
    if (at + 1 == package.name.size() || !is_digit(package.name[at + 1])) continue;
    const Pin pin = exact_unless_glob(std::string_view(package.name).substr(at + 1));
    cut(package, at, at + 1, is_equal ? pin : Pin::range);
    return;
  }
}

// Python, "Dependency specifiers": name[extras] [operator version, ...] [; marker], name @ URL; what has
// slashes is a folder or an archive.
void split_python(Package& package) {
  package.name.resize(std::min(package.name.find(';'), package.name.size()));
  const std::size_t at = package.name.find('@');
  if (at != std::string::npos && is_url(std::string_view(package.name).substr(at + 1)) &&
      package.name.find_first_of(":/") > at) {
    package.name.erase(0, package.name.find_first_not_of(" @", at));
  }
  if (split_place(package)) return;
  const std::string_view text = package.name;
  if (text.find('/') != text.npos || text.ends_with(".whl") || text.ends_with(".tar.gz") ||
      text.ends_with(".zip")) {
    package.kind = Kind::path;
    return;
  }
  const std::size_t mark = text.find_first_of("=<>~!@");
  if (mark != text.npos) {
    const std::size_t version = std::min(text.find_first_not_of("= @", mark), text.size());
    // Poetry and uv write name@version.
    const bool is_equal =
        (text[mark] == '=' || text[mark] == '@') && text.find_first_of(",^~<>!", mark) == text.npos;
    const bool is_newest = text.substr(version) == "latest";
    const Pin pin = is_newest  ? Pin::none
                    : is_equal ? exact_unless_glob(text.substr(version))
                               : Pin::range;
    cut(package, mark, is_equal ? version : mark + (text[mark] == '@' ? 1 : 0), pin);
  }
  package.name.resize(std::min(package.name.find_first_of("[ ("), package.name.size()));
}

// conda, "Package match specifications": [channel::]name[operator version[=build]]
void split_conda(Package& package) {
  if (split_place(package, ".conda") || package.name.ends_with(".tar.bz2")) {
    if (package.kind == Kind::name) package.kind = Kind::path;
    return;
  }
  const std::size_t channel = package.name.rfind("::");
  if (channel != std::string::npos) package.name.erase(0, channel + 2);
  const std::size_t mark = package.name.find_first_of("=<>!~ ");
  if (mark == std::string::npos) return;
  const std::string_view behind = std::string_view(package.name).substr(mark);
  const std::size_t version = std::min(behind.find_first_not_of("= "), behind.size());
  const bool is_equal = behind[0] == '=' && behind.find_first_of("<>|,*") == behind.npos;
  // One '=' leaves open what is behind the numbers that are given.
  const bool is_exact = is_equal && (version == 2 || behind.find('=', version) != behind.npos ||
                                     std::ranges::count(behind, '.') >= 2);
  cut(package, mark, is_equal ? mark + version : mark, is_exact ? Pin::exact : Pin::range);
}

// npm, "Package spec": [@scope/]name[@version|range|tag], a folder, an archive, a URL, host:user/project
// or user/project.
void split_npm(Package& package) {
  const std::string_view text = package.name;
  if (split_place(package, ".tgz") || text.ends_with(".tar.gz") || text.starts_with("file:")) {
    if (package.kind == Kind::name) package.kind = Kind::path;
    return;
  }
  const std::size_t slash = text.find('/');
  const std::size_t at = text.find('@', 1);
  const bool is_scoped = text.starts_with('@');
  if (text.starts_with("git@") || (!is_scoped && slash != text.npos && slash < at)) {
    package.kind = Kind::url;
    package.pin = pin_of_url(text);
    return;
  }
  if (at == text.npos) return;
  const std::string_view version = text.substr(at + 1);
  if (is_url(version) || version.find('/') != version.npos) {
    package.kind = Kind::url;
    package.pin = pin_of_url(version);
    package.name.erase(0, at + 1);
    return;
  }
  const bool is_range =
      !version.empty() && (is_digit(version[0]) || version[0] == 'v' ||
                           std::string_view("^~<>=x*").find(version[0]) != std::string_view::npos);
  const bool has_digit = version.find_first_of("0123456789") != version.npos;
  cut(package, at, at + 1,
      is_full_version(version) ? Pin::exact
      : is_range && has_digit  ? Pin::range
                               : Pin::none);
}

// gem(1): name[:version]
void split_gem(Package& package) {
  if (split_place(package, ".gem")) return;
  const std::size_t colon = package.name.find(':');
  if (colon == std::string::npos || colon + 1 == package.name.size()) return;
  const bool is_exact = is_digit(package.name[colon + 1]);
  cut(package, colon, colon + 1, is_exact ? Pin::exact : Pin::range);
}

// go.dev/ref/mod, "Version queries": module@query
void split_go(Package& package) {
  if (split_place(package, ".go")) return;
  const std::size_t at = package.name.find('@');
  if (at == std::string::npos) return;
  const std::string_view version = std::string_view(package.name).substr(at + 1);
  const bool is_number = version.size() > 1 &&
                         (version[0] == 'v' || version[0] == '<' || version[0] == '>') &&
                         version.find_first_of("0123456789") != version.npos;
  cut(package, at, at + 1,
      is_full_version(version) || is_hash(version) ? Pin::exact
      : is_number                                  ? Pin::range
                                                   : Pin::none);
}

// `name@version`, a number of which says all: cargo, cpanm.
void split_at(Package& package) {
  if (split_place(package)) return;
  const std::size_t at = package.name.find('@');
  if (at == std::string::npos) return;
  const std::string_view version = std::string_view(package.name).substr(at + 1);
  const bool is_exact = !version.empty() && (is_digit(version[0]) || version[0] == '=');
  cut(package, at, at + 1, is_exact ? Pin::exact : Pin::range);
}

// composer(1): vendor/name[:constraint]
void split_composer(Package& package) {
  if (split_place(package)) return;
  const std::size_t mark = package.name.find_first_of(":= ");
  if (mark == std::string::npos) return;
  const std::string_view version = std::string_view(package.name).substr(mark + 1);
  cut(package, mark, mark + 1, is_full_version(version) ? Pin::exact : Pin::range);
}

// cabal: name-version
void split_cabal(Package& package) {
  if (split_place(package)) return;
  const std::size_t dash = version_dash(package.name);
  if (dash != std::string::npos) cut(package, dash, dash + 1, Pin::exact);
}

// brew(1): the version is a part of the formula's name.
void split_brew(Package& package) {
  if (split_place(package)) return;
  const std::size_t at = package.name.find('@');
  if (at != std::string::npos) cut(package, at, at + 1, Pin::range);
}

void split_name(Package& package) {
  split_place(package);
}

// ---- Managers of distributions

// apt-get(8), apt(8), apt.conf(5)
constexpr PackageSubcommand apt_subcommands[] = {
    {"install", Action::install},
    {"reinstall", Action::install},
    {"build-dep", Action::install},
    {"update", Action::update_index, Operands::none},
    {"upgrade", Action::upgrade},
    {"full-upgrade", Action::upgrade},
    {"dist-upgrade", Action::upgrade},
    {"dselect-upgrade", Action::upgrade},
    {"safe-upgrade", Action::upgrade},
    {"remove", Action::remove},
    {"purge", Action::remove, Operands::packages, Setting::purge},
    {"autoremove", Action::remove, Operands::packages, Setting::unneeded},
    {"auto-remove", Action::remove, Operands::packages, Setting::unneeded},
    {"autopurge", Action::remove, Operands::packages, Setting::unneeded},
    {"clean", Action::clean, Operands::none},
    {"autoclean", Action::clean, Operands::none},
    {"auto-clean", Action::clean, Operands::none},
    {"distclean", Action::clean, Operands::none},
    {"dist-clean", Action::clean, Operands::none},
    {"download", Action::download},
    {"source", Action::download},
};
constexpr PackageOption apt_options[] = {
    {{"yes", 'y'}, Setting::assume_yes},
    {{"assume-yes"}, Setting::assume_yes},
    {{"assume-no"}},
    {{"quiet", 'q'}, Role::apt_quiet},
    {{"simulate", 's'}, Setting::simulate},
    {{"just-print"}, Setting::simulate},
    {{"dry-run"}, Setting::simulate},
    {{"recon"}, Setting::simulate},
    {{"no-act"}, Setting::simulate},
    {{"print-uris"}, Setting::simulate},
    {{"download-only", 'd'}, Action::download},
    {{"fix-broken", 'f'}},
    {{"fix-missing", 'm'}},
    {{"fix-policy"}},
    {{"ignore-missing"}},
    {{"ignore-hold"}},
    {{"no-download"}},
    {{"verbose-versions", 'V'}},
    {{"show-upgraded", 'u'}},
    {{"host-architecture", 'a', true}},
    {{"build-profiles", 'P', true}},
    {{"build", 'b'}},
    {{"compile"}},
    {{"no-install-recommends"}, Setting::no_extras},
    {{"without-recommends", 'R'}, Setting::no_extras},
    {{"install-recommends"}},
    {{"install-suggests"}},
    {{"no-install-suggests"}},
    {{"no-upgrade"}},
    {{"only-upgrade"}},
    {{"upgrade", 'U'}, Setting::update_index},
    {{"update"}, Setting::update_index},
    {{"allow-downgrades"}},
    {{"allow-remove-essential"}, Setting::force},
    {{"allow-change-held-packages"}},
    {{"allow-releaseinfo-change"}},
    {{"force-yes"}, Setting::unverified},
    {{"allow-unauthenticated"}, Setting::unverified},
    {{"allow-insecure-repositories"}, Setting::unverified},
    {{"no-allow-insecure-repositories"}},
    {{"reinstall"}},
    {{"list-cleanup"}},
    {{"no-list-cleanup"}},
    {{"trivial-only"}},
    {{"no-remove"}},
    {{"auto-remove"}, Setting::unneeded},
    {{"autoremove"}, Setting::unneeded},
    {{"only-source"}},
    {{"diff-only"}},
    {{"dsc-only"}},
    {{"tar-only"}},
    {{"arch-only"}},
    {{"indep-only"}},
    {{"purge"}, Setting::purge},
    {{"no-purge"}},
    {{"show-progress"}},
    {{"with-source", 0, true}, Role::package},
    {{"error-on", 0, true}},
    {{"target-release", 't', true}, Setting::release},
    {{"default-release", 0, true}, Setting::release},
    {{"config-file", 'c', true}},
    {{"option", 'o', true}, Role::apt_setting},
    {{"no-show-upgraded"}},
    {{"no-gpg-check"}, Setting::unverified},
};

// dpkg(1)
constexpr PackageOption dpkg_options[] = {
    {{"install", 'i'}, Action::install},
    {{"unpack"}, Action::install},
    {{"remove", 'r'}, Action::remove},
    {{"purge", 'P'}, Action::remove},
    {{"recursive", 'R'}},
    {{"root", 0, true}, Setting::root},
    {{"instdir", 0, true}, Setting::root},
    {{"admindir", 0, true}},
    {{"ignore-depends", 0, true}},
    {{"path-exclude", 0, true}},
    {{"path-include", 0, true}},
    {{"add-architecture", 0, true}, Role::question},
    {{"print-architecture"}, Role::question},
    {{"configure"}, Role::question},
    {{"list", 'l'}, Role::question},
    {{"status", 's'}, Role::question},
    {{"listfiles", 'L'}, Role::question},
    {{"search", 'S'}, Role::question},
    {{"info", 'I'}, Role::question},
    {{"contents", 'c'}, Role::question},
    {{"extract", 'x'}, Role::question},
    {{"get-selections"}, Role::question},
    {{"set-selections"}, Role::question},
    {{"force-bad-verify"}, Setting::unverified},
    {{"force-all"}, Setting::unverified},
    {{"force-depends"}, Setting::force},
    {{"force-overwrite"}, Setting::force},
    {{"force-confdef"}},
    {{"force-confold"}},
    {{"force-confnew"}},
    {{"no-triggers"}},
    {{"skip-same-version", 'E'}},
    {{"refuse-downgrade", 'G'}},
    {{"selected-only", 'O'}},
    {{"dry-run"}, Setting::simulate},
    {{"simulate"}, Setting::simulate},
    {{"no-act"}, Setting::simulate},
};

// apk(8), version 2.14 and 3
constexpr PackageSubcommand apk_subcommands[] = {
    {"add", Action::install},
    {"del", Action::remove},
    {"update", Action::update_index, Operands::none},
    {"upgrade", Action::upgrade},
    {"fix", Action::install},
    {"fetch", Action::download},
    {"cache clean", Action::clean, Operands::none},
    {"cache purge", Action::clean, Operands::none},
};
constexpr PackageOption apk_options[] = {
    {{"root", 'p', true}, Setting::root},
    {{"repository", 'X', true}, Setting::extra_index},
    {{"repositories-file", 0, true}},
    {{"keys-dir", 0, true}},
    {{"cache-dir", 0, true}},
    {{"cache-max-age", 0, true}},
    {{"arch", 0, true}},
    {{"wait", 0, true}},
    {{"progress-fd", 0, true}},
    {{"timeout", 0, true}},
    {{"virtual", 't', true}, Setting::virtual_group},
    {{"output", 'o', true}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"interactive", 'i'}},
    {{"force", 'f'}, Setting::force},
    {{"force-binary-stdout"}},
    {{"force-broken-world"}, Setting::force},
    {{"force-missing-repositories"}},
    {{"force-non-repository"}},
    {{"force-old-apk"}},
    {{"force-overwrite"}, Setting::force},
    {{"force-refresh"}},
    {{"update-cache", 'U'}, Setting::update_index},
    {{"update"}, Setting::update_index},
    {{"upgrade", 'u'}},
    {{"latest", 'l'}},
    {{"available", 'a'}},
    {{"ignore"}},
    {{"prune"}},
    {{"self-upgrade-only"}},
    {{"no-self-upgrade"}},
    {{"no-cache"}, Setting::no_cache},
    {{"no-cache-clean"}},
    {{"no-chown"}},
    {{"no-check-certificate"}, Setting::unverified},
    {{"no-network"}},
    {{"no-progress"}},
    {{"no-scripts"}, Setting::no_scripts},
    {{"no-commit-hooks"}},
    {{"no-logfile"}},
    {{"no-interactive"}},
    {{"progress"}},
    {{"print-arch"}, Role::question},
    {{"purge"}, Setting::purge},
    {{"allow-untrusted"}, Setting::unverified},
    {{"clean-protected"}},
    {{"overlay-from-stdin"}},
    {{"preserve-env"}},
    {{"initdb"}},
    {{"usermode"}},
    {{"rdepends", 'r'}},
    {{"recursive", 'R'}},
    {{"stdout", 's'}},
    {{"link", 'L'}},
    {{"simulate"}, Setting::simulate},
};

// dnf(8), yum(8), microdnf(8), tdnf(8)
constexpr PackageSubcommand dnf_subcommands[] = {
    {"install", Action::install},
    {"in", Action::install},
    {"localinstall", Action::install},
    {"reinstall", Action::install},
    {"downgrade", Action::install},
    {"builddep", Action::install},
    {"swap", Action::install},
    {"groupinstall", Action::install, Operands::groups},
    {"group install", Action::install, Operands::groups},
    {"groups install", Action::install, Operands::groups},
    {"module install", Action::install, Operands::groups},
    {"upgrade", Action::upgrade},
    {"up", Action::upgrade},
    {"update", Action::upgrade},
    {"update-minimal", Action::upgrade},
    {"upgrade-minimal", Action::upgrade},
    {"distro-sync", Action::upgrade},
    {"distribution-synchronization", Action::upgrade},
    {"remove", Action::remove},
    {"erase", Action::remove},
    {"autoremove", Action::remove, Operands::packages, Setting::unneeded},
    {"groupremove", Action::remove, Operands::groups},
    {"group remove", Action::remove, Operands::groups},
    {"makecache", Action::update_index, Operands::none},
    {"clean", Action::clean, Operands::none},
    {"download", Action::download},
    {"config-manager", Action::add_source, Operands::none},
};
constexpr PackageOption dnf_options[] = {
    {{"assumeyes", 'y'}, Setting::assume_yes},
    {{"assume-yes"}, Setting::assume_yes},
    {{"yes"}, Setting::assume_yes},
    {{"assumeno"}},
    {{"allowerasing"}},
    {{"best", 'b'}},
    {{"nobest"}},
    {{"cacheonly", 'C'}},
    {{"config", 'c', true}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"debuglevel", 'd', true}},
    {{"errorlevel", 'e', true}},
    {{"randomwait", 'R', true}},
    {{"installroot", 0, true}, Setting::root},
    {{"releasever", 0, true}, Setting::release},
    {{"setopt", 0, true}, Role::dnf_setting},
    {{"nogpgcheck"}, Setting::unverified},
    {{"no-gpgchecks"}, Setting::unverified},
    {{"no-gpg-checks"}, Setting::unverified},
    {{"skip-broken"}},
    {{"skipsignature"}, Setting::unverified},
    {{"nodocs"}, Setting::no_extras},
    {{"no-docs"}, Setting::no_extras},
    {{"noweakdeps"}, Setting::no_extras},
    {{"noplugins"}},
    {{"refresh"}, Setting::update_index},
    {{"repo", 0, true}, Setting::index},
    {{"repoid", 0, true}, Setting::index},
    {{"enablerepo", 0, true}},
    {{"disablerepo", 0, true}},
    {{"enable-repo", 0, true}},
    {{"disable-repo", 0, true}},
    {{"enableplugin", 0, true}},
    {{"disableplugin", 0, true}},
    {{"enable", 0}},
    {{"set-enabled", 0}},
    {{"set-disabled", 0}},
    {{"disable", 0}},
    {{"save", 0}},
    {{"add-repo", 0, true}, Setting::extra_index},
    {{"repofrompath", 0, true}, Setting::extra_index},
    {{"exclude", 'x', true}},
    {{"excludepkgs", 0, true}},
    {{"disableexcludes", 0, true}},
    {{"disableexcludepkgs", 0, true}},
    {{"advisory", 0, true}},
    {{"advisories", 0, true}},
    {{"bz", 0, true}},
    {{"cve", 0, true}},
    {{"sec-severity", 0, true}},
    {{"bugfix"}},
    {{"security"}},
    {{"obsoletes"}},
    {{"downloaddir", 0, true}},
    {{"destdir", 0, true}},
    {{"downloadonly"}, Action::download},
    {{"resolve"}},
    {{"arch", 0, true}},
    {{"forcearch", 0, true}},
    {{"comment", 0, true}},
    {{"color", 0, true}},
    {{"allowdowngrade"}},
    {{"nodeps"}},
    {{"timer"}},
    {{"with-optional"}},
    {{"rpmverbosity", 0, true}},
    {{"noautoremove"}},
    {{"showduplicates"}},
};

// rpm(8)
constexpr PackageOption rpm_options[] = {
    {{"install", 'i'}, Action::install},
    {{"upgrade", 'U'}, Action::install},
    {{"freshen", 'F'}, Action::upgrade},
    {{"reinstall"}, Action::install},
    {{"erase", 'e'}, Action::remove},
    {{"query", 'q'}, Role::question},
    {{"verify", 'V'}, Role::question},
    {{"checksig", 'K'}, Role::question},
    {{"eval", 'E', true}, Role::question},
    {{"import"}, Role::question},
    {{"initdb"}, Role::question},
    {{"rebuilddb"}, Role::question},
    {{"nodigest"}, Setting::unverified},
    {{"nosignature"}, Setting::unverified},
    {{"noverify"}, Setting::unverified},
    {{"excludedocs"}, Setting::no_extras},
    {{"noscripts"}, Setting::no_scripts},
    {{"nodeps"}, Setting::force},
    {{"force"}, Setting::force},
    {{"test"}, Setting::simulate},
    {{"root", 0, true}, Setting::root},
    {{"prefix", 0, true}, Setting::target},
    {{"dbpath", 0, true}},
    {{"define", 'D', true}},
    {{"relocate", 0, true}},
    {{"excludepath", 0, true}},
    {{"replacepkgs"}},
    {{"replacefiles"}},
    {{"oldpackage"}},
    {{"ignorearch"}},
    {{"ignoreos"}},
    {{"quiet"}},
    {{"verbose", 'v'}},
    {{"hash", 'h'}},
    {{"percent"}},
};

// zypper(8)
constexpr PackageSubcommand zypper_subcommands[] = {
    {"install", Action::install},
    {"in", Action::install},
    {"source-install", Action::install},
    {"si", Action::install},
    {"install-new-recommends", Action::install},
    {"inr", Action::install},
    {"remove", Action::remove},
    {"rm", Action::remove},
    {"update", Action::upgrade},
    {"up", Action::upgrade},
    {"dist-upgrade", Action::upgrade},
    {"dup", Action::upgrade},
    {"patch", Action::upgrade, Operands::none},
    {"refresh", Action::update_index, Operands::none},
    {"ref", Action::update_index, Operands::none},
    {"clean", Action::clean, Operands::none},
    {"cc", Action::clean, Operands::none},
    {"addrepo", Action::add_source, Operands::sources},
    {"ar", Action::add_source, Operands::sources},
    {"download", Action::download},
};
constexpr PackageOption zypper_options[] = {
    {{"non-interactive", 'n'}, Setting::assume_yes},
    {{"no-confirm", 'y'}, Setting::assume_yes},
    {{"non-interactive-include-reboot-patches"}},
    {{"no-recommends"}, Setting::no_extras},
    {{"recommends"}},
    {{"no-gpg-checks"}, Setting::unverified},
    {{"gpg-auto-import-keys"}},
    {{"no-gpgcheck", 'G'}, Setting::unverified},
    {{"gpgcheck-allow-unsigned"}, Setting::unverified},
    {{"gpgcheck-allow-unsigned-package"}, Setting::unverified},
    {{"gpgcheck-allow-unsigned-repo"}, Setting::unverified},
    {{"gpgcheck", 'g'}},
    {{"gpgcheck-strict"}},
    {{"allow-unsigned-rpm"}, Setting::unverified},
    {{"auto-agree-with-licenses", 'l'}},
    {{"agree-to-third-party-licenses"}},
    {{"replacefiles"}},
    {{"force", 'f'}, Setting::force},
    {{"force-resolution"}},
    {{"no-force-resolution"}},
    {{"oldpackage"}},
    {{"type", 't', true}},
    {{"from", 0, true}},
    {{"repo", 'r', true}},
    {{"root", 'R', true}, Setting::root},
    {{"installroot", 0, true}, Setting::root},
    {{"releasever", 0, true}, Setting::release},
    {{"config", 'c', true}},
    {{"reposd-dir", 'D', true}},
    {{"cache-dir", 'C', true}},
    {{"raw-cache-dir", 0, true}},
    {{"solv-cache-dir", 0, true}},
    {{"pkg-cache-dir", 0, true}},
    {{"plus-repo", 'p', true}, Setting::extra_index},
    {{"plus-content", 0, true}},
    {{"download", 0, true}},
    {{"download-only", 'd'}, Action::download},
    {{"download-in-advance"}},
    {{"name"}},
    {{"priority", 0, true}},
    {{"capability"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"no-refresh"}},
    {{"no-cd"}},
    {{"no-remote"}},
    {{"no-color"}},
    {{"no-abbrev", 'A'}},
    {{"ignore-unknown", 'i'}},
    {{"refresh"}},
    {{"all", 'a'}},
    {{"clean-deps", 'u'}, Setting::unneeded},
    {{"no-clean-deps"}},
    {{"dry-run"}, Setting::simulate},
    {{"details"}},
    {{"no-allow-vendor-change"}},
    {{"allow-vendor-change"}},
    {{"allow-downgrade"}},
    {{"disable-repositories"}},
};

// pacman(8)
constexpr PackageOption pacman_options[] = {
    {{"sync", 'S'}, Action::install},
    {{"upgrade", 'U'}, Action::install},
    {{"remove", 'R'}, Action::remove},
    {{"query", 'Q'}, Role::question},
    {{"database", 'D'}, Role::question},
    {{"deptest", 'T'}, Role::question},
    {{"files", 'F'}, Role::question},
    {{"version", 'V'}, Role::question},
    {{"refresh", 'y'}, Setting::update_index},
    {{"sysupgrade", 'u'}, Setting::upgrade},
    {{"clean", 'c'}, Action::clean},
    {{"downloadonly", 'w'}, Action::download},
    {{"search", 's'}, Role::search_or_recursive},
    {{"recursive"}, Setting::unneeded},
    {{"nosave", 'n'}, Setting::purge},
    {{"info", 'i'}, Role::question},
    {{"list", 'l'}, Role::question},
    {{"groups", 'g'}, Role::question},
    {{"print", 'p'}, Setting::simulate},
    {{"nodeps", 'd'}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"noconfirm"}, Setting::assume_yes},
    {{"confirm"}},
    {{"noprogressbar"}},
    {{"noscriptlet"}, Setting::no_scripts},
    {{"needed"}},
    {{"asdeps"}},
    {{"asexplicit"}},
    {{"overwrite", 0, true}, Setting::force},
    {{"ignore", 0, true}},
    {{"ignoregroup", 0, true}},
    {{"assume-installed", 0, true}},
    {{"root", 'r', true}, Setting::root},
    {{"sysroot", 0, true}, Setting::root},
    {{"dbpath", 'b', true}},
    {{"cachedir", 0, true}},
    {{"config", 0, true}},
    {{"gpgdir", 0, true}},
    {{"hookdir", 0, true}},
    {{"logfile", 0, true}},
    {{"arch", 0, true}},
    {{"color", 0, true}},
    {{"disable-download-timeout"}},
    {{"disable-sandbox"}},
};

// emerge(1)
constexpr PackageSubcommand emerge_subcommands[] = {
    {"", Action::install},
};
constexpr PackageOption emerge_options[] = {
    {{"sync"}, Action::update_index},
    {{"unmerge", 'C'}, Action::remove},
    {{"depclean", 'c'}, Action::remove},
    {{"prune", 'P'}, Action::remove},
    {{"search", 's'}, Role::question},
    {{"info"}, Role::question},
    {{"pretend", 'p'}, Setting::simulate},
    {{"fetchonly", 'f'}, Action::download},
    {{"update", 'u'}, Setting::upgrade},
    {{"deep", 'D'}},
    {{"newuse", 'N'}},
    {{"changed-use", 'U'}},
    {{"oneshot", '1'}},
    {{"noreplace", 'n'}},
    {{"ask", 'a'}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"jobs", 'j'}},
    {{"root", 0, true}, Setting::root},
    {{"sysroot", 0, true}},
    {{"prefix", 0, true}},
    {{"config-root", 0, true}},
    {{"exclude", 'X', true}},
    {{"backtrack", 0, true}},
    {{"color", 0, true}},
};

// ---- Managers of languages

// pip 25, "pip install"
constexpr PackageSubcommand pip_subcommands[] = {
    {"install", Action::install},
    {"uninstall", Action::remove},
    {"download", Action::download},
    {"wheel", Action::download},
    {"cache purge", Action::clean, Operands::none},
    {"cache remove", Action::clean, Operands::none},
};
constexpr PackageOption pip_options[] = {
    {{"requirement", 'r', true}, Role::list},
    {{"requirements", 0, true}, Role::list},
    {{"group", 0, true}},
    {{"constraint", 'c', true}},
    {{"build-constraint", 0, true}},
    {{"editable", 'e', true}, Role::package},
    {{"target", 't', true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"root", 0, true}, Setting::root},
    {{"dest", 'd', true}},
    {{"wheel-dir", 'w', true}},
    {{"platform", 0, true}},
    {{"python-version", 0, true}},
    {{"python", 0, true}},
    {{"implementation", 0, true}},
    {{"abi", 0, true}},
    {{"src", 0, true}},
    {{"build", 'b', true}},
    {{"upgrade-strategy", 0, true}},
    {{"config-settings", 'C', true}},
    {{"config-setting", 0, true}},
    {{"global-option", 0, true}},
    {{"build-option", 0, true}},
    {{"install-option", 0, true}},
    {{"no-binary", 0, true}},
    {{"only-binary", 0, true}},
    {{"progress-bar", 0, true}},
    {{"root-user-action", 0, true}},
    {{"report", 0, true}},
    {{"index-url", 'i', true}, Setting::index},
    {{"pypi-url", 0, true}, Setting::index},
    {{"default-index", 0, true}, Setting::index},
    {{"extra-index-url", 0, true}, Setting::extra_index},
    {{"index", 0, true}, Setting::extra_index},
    {{"find-links", 'f', true}, Setting::extra_index},
    {{"index-strategy", 0, true}},
    {{"keyring-provider", 0, true}},
    {{"trusted-host", 0, true}, Setting::trusted_host},
    {{"allow-insecure-host", 0, true}, Setting::trusted_host},
    {{"no-index"}, Setting::no_index},
    {{"cert", 0, true}},
    {{"client-cert", 0, true}},
    {{"proxy", 0, true}},
    {{"retries", 0, true}},
    {{"timeout", 0, true}},
    {{"default-timeout", 0, true}},
    {{"exists-action", 0, true}},
    {{"cache-dir", 0, true}},
    {{"log", 0, true}},
    {{"use-feature", 0, true}},
    {{"use-deprecated", 0, true}},
    {{"resume-retries", 0, true}},
    {{"no-cache-dir"}, Setting::no_cache},
    {{"no-cache"}, Setting::no_cache},
    {{"no-deps"}, Setting::no_extras},
    {{"no-dependencies"}, Setting::no_extras},
    {{"require-hashes"}, Setting::locked},
    {{"dry-run"}, Setting::simulate},
    {{"user"}, Setting::user},
    {{"upgrade", 'U'}, Setting::upgrade},
    {{"yes", 'y'}, Setting::assume_yes},
    {{"no-input"}, Setting::assume_yes},
    {{"break-system-packages"}, Setting::force},
    {{"force-reinstall"}},
    {{"ignore-installed", 'I'}},
    {{"ignore-requires-python"}},
    {{"no-build-isolation"}},
    {{"use-pep517"}},
    {{"no-use-pep517"}},
    {{"check-build-dependencies"}},
    {{"compile"}},
    {{"no-compile"}},
    {{"no-warn-script-location"}},
    {{"no-warn-conflicts"}},
    {{"prefer-binary"}},
    {{"pre"}},
    {{"no-clean"}},
    {{"isolated"}},
    {{"debug"}},
    {{"require-virtualenv"}},
    {{"verbose", 'v'}},
    {{"quiet", 'q'}},
    {{"disable-pip-version-check"}},
    {{"no-python-version-warning"}},
    {{"no-color"}},
    {{"process-dependency-links"}},
    {{"egg"}},
};

// uv 0.9, "uv pip install", "uv sync", "uv add", "uv tool install"
constexpr PackageSubcommand uv_subcommands[] = {
    {"pip install", Action::install},
    {"pip sync", Action::install},
    {"pip uninstall", Action::remove},
    {"add", Action::install},
    {"sync", Action::install, Operands::none},
    {"remove", Action::remove},
    {"tool install", Action::install},
    {"tool upgrade", Action::upgrade},
    {"tool uninstall", Action::remove},
    {"cache clean", Action::clean, Operands::none},
    {"cache prune", Action::clean, Operands::none},
    {"clean", Action::clean, Operands::none},
};
constexpr PackageOption uv_options[] = {
    {{"requirement", 'r', true}, Role::list},
    {{"requirements", 0, true}, Role::list},
    {{"group", 0, true}},
    {{"no-group", 0, true}},
    {{"only-group", 0, true}},
    {{"extra", 0, true}},
    {{"no-extra", 0, true}},
    {{"with", 'w', true}, Role::package},
    {{"with-editable", 0, true}, Role::package},
    {{"with-requirements", 0, true}, Role::list},
    {{"constraint", 'c', true}},
    {{"constraints", 0, true}},
    {{"build-constraint", 'b', true}},
    {{"build-constraints", 0, true}},
    {{"override", 0, true}},
    {{"overrides", 0, true}},
    {{"editable", 'e', true}, Role::package},
    {{"target", 't', true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"python", 'p', true}},
    {{"python-version", 0, true}},
    {{"python-platform", 0, true}},
    {{"index-url", 'i', true}, Setting::index},
    {{"default-index", 0, true}, Setting::index},
    {{"extra-index-url", 0, true}, Setting::extra_index},
    {{"index", 0, true}, Setting::extra_index},
    {{"find-links", 'f', true}, Setting::extra_index},
    {{"no-index"}, Setting::no_index},
    {{"index-strategy", 0, true}},
    {{"keyring-provider", 0, true}},
    {{"allow-insecure-host", 0, true}, Setting::trusted_host},
    {{"trusted-host", 0, true}, Setting::trusted_host},
    {{"cache-dir", 0, true}},
    {{"directory", 0, true}},
    {{"project", 0, true}},
    {{"package", 0, true}},
    {{"config-file", 0, true}},
    {{"config-setting", 'C', true}},
    {{"config-settings", 0, true}},
    {{"link-mode", 0, true}},
    {{"resolution", 0, true}},
    {{"prerelease", 0, true}},
    {{"exclude-newer", 0, true}},
    {{"no-binary", 0, true}},
    {{"only-binary", 0, true}},
    {{"no-install-package", 0, true}},
    {{"no-build-package", 0, true}},
    {{"no-binary-package", 0, true}},
    {{"no-build-isolation-package", 0, true}},
    {{"upgrade-package", 'P', true}},
    {{"reinstall-package", 0, true}},
    {{"refresh-package", 0, true}},
    {{"torch-backend", 0, true}},
    {{"color", 0, true}},
    {{"branch", 0, true}},
    {{"tag", 0, true}},
    {{"rev", 0, true}},
    {{"no-cache", 'n'}, Setting::no_cache},
    {{"no-cache-dir"}, Setting::no_cache},
    {{"no-deps"}, Setting::no_extras},
    {{"no-dev"}, Setting::no_extras},
    {{"no-default-groups"}, Setting::no_extras},
    {{"locked"}, Setting::locked},
    {{"frozen"}, Setting::locked},
    {{"require-hashes"}, Setting::locked},
    {{"verify-hashes"}},
    {{"dry-run"}, Setting::simulate},
    {{"upgrade", 'U'}, Setting::upgrade},
    {{"break-system-packages"}, Setting::force},
    {{"system"}},
    {{"all-extras"}},
    {{"all-groups"}},
    {{"all-packages"}},
    {{"dev"}},
    {{"inexact"}},
    {{"exact"}},
    {{"active"}},
    {{"raw"}},
    {{"no-install-project"}},
    {{"no-install-workspace"}},
    {{"no-install-local"}},
    {{"no-editable"}},
    {{"no-sync"}},
    {{"no-build"}},
    {{"no-build-isolation"}},
    {{"no-sources"}},
    {{"no-progress"}},
    {{"no-config"}},
    {{"no-managed-python"}},
    {{"no-python-downloads"}},
    {{"managed-python"}},
    {{"native-tls"}},
    {{"offline"}},
    {{"refresh"}},
    {{"reinstall"}},
    {{"strict"}},
    {{"compile-bytecode"}},
    {{"compile"}},
    {{"no-compile-bytecode"}},
    {{"force"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
};

// pipx(1)
constexpr PackageSubcommand pipx_subcommands[] = {
    {"install", Action::install},  {"install-all", Action::install, Operands::none},
    {"upgrade", Action::upgrade},  {"upgrade-all", Action::upgrade, Operands::none},
    {"uninstall", Action::remove},
};
constexpr PackageOption pipx_options[] = {
    {{"index-url", 'i', true}, Setting::index},
    {{"pip-args", 0, true}},
    {{"python", 0, true}},
    {{"suffix", 0, true}},
    {{"preinstall", 0, true}, Role::package},
    {{"backend", 0, true}},
    {{"editable", 'e'}},
    {{"include-deps"}},
    {{"system-site-packages"}},
    {{"fetch-missing-python"}},
    {{"force", 'f'}, Setting::force},
    {{"global"}, Setting::global},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
};

// Poetry 2, "Commands"
constexpr PackageSubcommand poetry_subcommands[] = {
    {"install", Action::install, Operands::none},
    {"sync", Action::install, Operands::none},
    {"add", Action::install},
    {"self add", Action::install},
    {"self install", Action::install, Operands::none},
    {"update", Action::upgrade},
    {"self update", Action::upgrade, Operands::none},
    {"remove", Action::remove},
    {"cache clear", Action::clean, Operands::none},
    {"source add", Action::add_source, Operands::sources},
};
constexpr PackageOption poetry_options[] = {
    {{"only", 0, true}, Setting::no_extras},
    {{"without", 0, true}, Setting::no_extras},
    {{"no-dev"}, Setting::no_extras},
    {{"with", 0, true}},
    {{"extras", 'E', true}},
    {{"group", 'G', true}},
    {{"source", 0, true}},
    {{"python", 0, true}},
    {{"platform", 0, true}},
    {{"markers", 0, true}},
    {{"priority", 0, true}},
    {{"directory", 'C', true}},
    {{"project", 'P', true}},
    {{"no-cache"}, Setting::no_cache},
    {{"no-interaction", 'n'}, Setting::assume_yes},
    {{"dry-run"}, Setting::simulate},
    {{"no-root"}},
    {{"no-directory"}},
    {{"no-plugins"}},
    {{"no-ansi"}},
    {{"ansi"}},
    {{"sync"}},
    {{"compile"}},
    {{"all-extras"}},
    {{"all-groups"}},
    {{"all"}},
    {{"only-root"}},
    {{"lock"}},
    {{"dev", 'D'}},
    {{"editable", 'e'}},
    {{"optional"}},
    {{"allow-prereleases"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
};

// pipenv(1)
constexpr PackageSubcommand pipenv_subcommands[] = {
    {"install", Action::install},
    {"sync", Action::install, Operands::none, Setting::locked},
    {"update", Action::upgrade},
    {"uninstall", Action::remove},
};
constexpr PackageOption pipenv_options[] = {
    {{"requirements", 'r', true}, Role::list},
    {{"editable", 'e', true}, Role::package},
    {{"index", 'i', true}, Setting::index},
    {{"pypi-mirror", 0, true}, Setting::index},
    {{"python", 0, true}},
    {{"categories", 0, true}},
    {{"extra-pip-args", 0, true}},
    {{"deploy"}, Setting::locked},
    {{"ignore-pipfile"}, Setting::locked},
    {{"system"}},
    {{"dev", 'd'}},
    {{"pre"}},
    {{"clear"}},
    {{"skip-lock"}},
    {{"keep-outdated"}},
    {{"sequential"}},
    {{"site-packages"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
};

// conda(1), mamba, micromamba
constexpr PackageOption conda_clean_options[] = {
    {{"yes", 'y'}, Setting::assume_yes},
    {{"all", 'a'}},
    {{"force-pkgs-dirs", 'f'}},
    {{"index-cache", 'i'}},
    {{"packages", 'p'}},
    {{"tarballs", 't'}},
    {{"logfiles", 'l'}},
    {{"tempfiles", 'c', true}},
    {{"dry-run", 'd'}, Setting::simulate},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"json"}},
};
constexpr PackageSubcommand conda_subcommands[] = {
    {"install", Action::install},
    {"create", Action::install},
    {"env create", Action::install, Operands::none},
    {"env update", Action::upgrade, Operands::none},
    {"update", Action::upgrade},
    {"upgrade", Action::upgrade},
    {"remove", Action::remove},
    {"uninstall", Action::remove},
    {"clean", Action::clean, Operands::none, {}, conda_clean_options},
    {"config", Action::add_source, Operands::sources},
};
constexpr PackageOption conda_options[] = {
    {{"name", 'n', true}, Setting::target},
    {{"prefix", 'p', true}, Setting::target},
    {{"channel", 'c', true}, Setting::extra_index},
    {{"append", 0, true}},
    {{"prepend", 0, true}},
    {{"add", 0, true}},
    {{"file", 'f', true}, Role::list},
    {{"clone", 0, true}},
    {{"subdir", 0, true}},
    {{"platform", 0, true}},
    {{"solver", 0, true}},
    {{"repodata-fn", 0, true}},
    {{"root-prefix", 'r', true}},
    {{"set", 0, true}, Role::question},
    {{"remove", 0, true}, Role::question},
    {{"channel-priority", 0, true}},
    {{"yes", 'y'}, Setting::assume_yes},
    {{"dry-run", 'd'}, Setting::simulate},
    {{"override-channels"}},
    {{"insecure", 'k'}, Setting::unverified},
    {{"no-deps"}, Setting::no_extras},
    {{"freeze-installed"}},
    {{"no-update-deps"}},
    {{"update-deps"}},
    {{"update-all"}},
    {{"update-specs"}},
    {{"all", 'a'}},
    {{"prune"}},
    {{"force"}},
    {{"force-reinstall"}},
    {{"offline"}},
    {{"copy"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"json"}},
    {{"use-index-cache", 'C'}},
    {{"strict-channel-priority"}},
    {{"no-channel-priority"}},
    {{"no-default-packages"}},
    {{"no-rc"}},
    {{"no-pin"}},
    {{"no-py-pin"}},
    {{"download-only"}, Action::download},
    {{"show-channel-urls"}},
    {{"revision", 0, true}},
};

// npm 11, "npm install", "Config"
constexpr PackageSubcommand npm_subcommands[] = {
    {"install", Action::install},
    {"i", Action::install},
    {"in", Action::install},
    {"add", Action::install},
    {"ci", Action::install, Operands::none, Setting::locked},
    {"clean-install", Action::install, Operands::none, Setting::locked},
    {"install-clean", Action::install, Operands::none, Setting::locked},
    {"install-test", Action::install},
    {"it", Action::install},
    {"cit", Action::install, Operands::none, Setting::locked},
    {"install-ci-test", Action::install, Operands::none, Setting::locked},
    {"update", Action::upgrade},
    {"up", Action::upgrade},
    {"upgrade", Action::upgrade},
    {"uninstall", Action::remove},
    {"remove", Action::remove},
    {"rm", Action::remove},
    {"r", Action::remove},
    {"un", Action::remove},
    {"unlink", Action::remove},
    {"prune", Action::remove},
    {"cache clean", Action::clean, Operands::none},
    {"cache clear", Action::clean, Operands::none},
    {"cache verify", Action::clean, Operands::none},
    {"cache rm", Action::clean, Operands::none},
    {"pack", Action::download},
};
constexpr PackageOption npm_options[] = {
    {{"global", 'g'}, Setting::global},
    {{"location", 0, true}},
    {{"prefix", 'C', true}, Setting::target},
    {{"workspace", 'w', true}},
    {{"workspaces"}},
    {{"include-workspace-root"}},
    {{"registry", 0, true}, Setting::index},
    {{"omit", 0, true}, Setting::no_extras},
    {{"only", 0, true}, Setting::no_extras},
    {{"production"}, Setting::no_extras},
    {{"no-optional"}},
    {{"include", 0, true}},
    {{"cache", 0, true}},
    {{"userconfig", 0, true}},
    {{"globalconfig", 0, true}},
    {{"loglevel", 0, true}},
    {{"tag", 0, true}},
    {{"before", 0, true}},
    {{"install-strategy", 0, true}},
    {{"script-shell", 0, true}},
    {{"fetch-retries", 0, true}},
    {{"fetch-retry-factor", 0, true}},
    {{"fetch-retry-mintimeout", 0, true}},
    {{"fetch-retry-maxtimeout", 0, true}},
    {{"fetch-timeout", 0, true}},
    {{"maxsockets", 0, true}},
    {{"network-timeout", 0, true}},
    {{"https-proxy", 0, true}},
    {{"proxy", 0, true}},
    {{"noproxy", 0, true}},
    {{"cafile", 0, true}},
    {{"ca", 0, true}},
    {{"audit-level", 0, true}},
    {{"os", 0, true}},
    {{"cpu", 0, true}},
    {{"libc", 0, true}},
    {{"target_arch", 0, true}},
    {{"target_platform", 0, true}},
    {{"pack-destination", 0, true}},
    {{"cwd", 0, true}},
    {{"jobs", 0, true}},
    {{"python", 0, true}},
    {{"node-gyp", 0, true}},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"no-strict-ssl"}, Setting::unverified},
    {{"strict-ssl"}, Role::check},
    {{"unsafe-perm"}},
    {{"allow-root"}},
    {{"force", 'f'}, Setting::force},
    {{"legacy-peer-deps"}},
    {{"strict-peer-deps"}},
    {{"legacy-bundling"}},
    {{"global-style"}},
    {{"prefer-dedupe"}},
    {{"no-package-lock"}},
    {{"package-lock"}},
    {{"package-lock-only"}},
    {{"no-shrinkwrap"}},
    {{"foreground-scripts"}},
    {{"no-audit"}},
    {{"audit"}},
    {{"no-fund"}},
    {{"fund"}},
    {{"no-bin-links"}},
    {{"bin-links"}},
    {{"no-progress"}},
    {{"progress"}},
    {{"no-update-notifier"}},
    {{"no-color"}},
    {{"color"}},
    {{"build-from-source"}},
    {{"prefer-offline"}},
    {{"prefer-online"}},
    {{"offline"}},
    {{"dry-run"}, Setting::simulate},
    {{"no-dry-run"}},
    {{"yes", 'y'}, Setting::assume_yes},
    {{"save", 'S'}},
    {{"no-save"}},
    {{"save-prod", 'P'}},
    {{"save-dev", 'D'}},
    {{"save-optional", 'O'}},
    {{"save-peer"}},
    {{"save-exact", 'E'}},
    {{"save-bundle", 'B'}},
    {{"dev"}},
    {{"silent", 's'}},
    {{"quiet", 'q'}},
    {{"verbose", 'd'}},
    {{"long", 'l'}},
    {{"json"}},
    {{"install-links"}},
    {{"engine-strict"}},
};

// yarn 1 and 4
constexpr PackageSubcommand yarn_subcommands[] = {
    {"", Action::install, Operands::none},
    {"install", Action::install, Operands::none},
    {"add", Action::install},
    {"global add", Action::install, Operands::packages, Setting::global},
    {"workspaces focus", Action::install, Operands::none},
    {"upgrade", Action::upgrade},
    {"up", Action::upgrade},
    {"remove", Action::remove},
    {"global remove", Action::remove, Operands::packages, Setting::global},
    {"cache clean", Action::clean, Operands::none},
};
constexpr PackageOption yarn_options[] = {
    {{"frozen-lockfile"}, Setting::locked},
    {{"immutable"}, Setting::locked},
    {{"pure-lockfile"}},
    {{"no-lockfile"}},
    {{"production"}, Setting::no_extras},
    {{"prod"}, Setting::no_extras},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"registry", 0, true}, Setting::index},
    {{"cwd", 0, true}},
    {{"prefix", 0, true}, Setting::target},
    {{"modules-folder", 0, true}, Setting::target},
    {{"cache-folder", 0, true}},
    {{"preferred-cache-folder", 0, true}},
    {{"global-folder", 0, true}},
    {{"mutex", 0, true}},
    {{"network-timeout", 0, true}},
    {{"network-concurrency", 0, true}},
    {{"proxy", 0, true}},
    {{"https-proxy", 0, true}},
    {{"use-yarnrc", 0, true}},
    {{"mode", 0, true}},
    {{"inline-builds"}},
    {{"immutable-cache"}},
    {{"check-cache"}},
    {{"check-files"}},
    {{"non-interactive"}, Setting::assume_yes},
    {{"no-progress"}},
    {{"silent", 's'}},
    {{"verbose"}},
    {{"ignore-engines"}},
    {{"ignore-platform"}},
    {{"ignore-optional"}},
    {{"ignore-workspace-root-check", 'W'}},
    {{"no-bin-links"}},
    {{"prefer-offline"}},
    {{"offline"}},
    {{"flat"}},
    {{"force"}, Setting::force},
    {{"link-duplicates"}},
    {{"check-integrity"}},
    {{"skip-integrity-check"}, Setting::unverified},
    {{"har"}},
    {{"focus"}},
    {{"dev", 'D'}},
    {{"peer", 'P'}},
    {{"optional", 'O'}},
    {{"exact", 'E'}},
    {{"tilde", 'T'}},
    {{"caret", 'C'}},
    {{"latest"}},
    {{"all", 'A'}},
    {{"version", 'v'}, Role::question},
    {{"help", 'h'}, Role::question},
    {{"json"}},
    {{"emoji"}},
    {{"no-emoji"}},
    {{"no-default-rc"}},
};

// pnpm 10
constexpr PackageSubcommand pnpm_subcommands[] = {
    {"install", Action::install},
    {"i", Action::install},
    {"add", Action::install},
    {"ci", Action::install, Operands::none, Setting::locked},
    {"update", Action::upgrade},
    {"up", Action::upgrade},
    {"upgrade", Action::upgrade},
    {"remove", Action::remove},
    {"rm", Action::remove},
    {"uninstall", Action::remove},
    {"un", Action::remove},
    {"fetch", Action::download, Operands::none},
    {"prune", Action::remove, Operands::none},
    {"store prune", Action::clean, Operands::none},
};
constexpr PackageOption pnpm_options[] = {
    {{"global", 'g'}, Setting::global},
    {{"dir", 'C', true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"filter", 'F', true}},
    {{"registry", 0, true}, Setting::index},
    {{"store-dir", 0, true}},
    {{"virtual-store-dir", 0, true}},
    {{"global-dir", 0, true}},
    {{"modules-dir", 0, true}},
    {{"lockfile-dir", 0, true}},
    {{"reporter", 0, true}},
    {{"loglevel", 0, true}},
    {{"network-concurrency", 0, true}},
    {{"child-concurrency", 0, true}},
    {{"workspace-concurrency", 0, true}},
    {{"package-import-method", 0, true}},
    {{"node-linker", 0, true}},
    {{"hoist-pattern", 0, true}},
    {{"public-hoist-pattern", 0, true}},
    {{"allow-build", 0, true}},
    {{"frozen-lockfile"}, Setting::locked},
    {{"no-frozen-lockfile"}},
    {{"lockfile-only"}},
    {{"no-lockfile"}},
    {{"prefer-frozen-lockfile"}},
    {{"fix-lockfile"}},
    {{"prod", 'P'}, Setting::no_extras},
    {{"production"}, Setting::no_extras},
    {{"no-optional"}},
    {{"dev", 'D'}},
    {{"save-prod"}},
    {{"save-dev"}},
    {{"save-exact", 'E'}},
    {{"save-optional", 'O'}},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"no-verify-store-integrity"}, Setting::unverified},
    {{"strict-peer-dependencies"}},
    {{"no-strict-peer-dependencies"}},
    {{"shamefully-hoist"}},
    {{"recursive", 'r'}},
    {{"workspace-root", 'w'}},
    {{"ignore-workspace-root-check"}},
    {{"ignore-workspace"}},
    {{"ignore-pnpmfile"}},
    {{"force"}, Setting::force},
    {{"offline"}},
    {{"prefer-offline"}},
    {{"latest", 'L'}},
    {{"silent", 's'}},
    {{"stream"}},
    {{"no-color"}},
    {{"config.confirmModulesPurge"}},
    {{"unsafe-perm"}},
};

// bun install
constexpr PackageSubcommand bun_subcommands[] = {
    {"install", Action::install},
    {"i", Action::install},
    {"add", Action::install},
    {"a", Action::install},
    {"update", Action::upgrade},
    {"remove", Action::remove},
    {"rm", Action::remove},
    {"pm cache rm", Action::clean, Operands::none},
    {"ci", Action::install, Operands::none, Setting::locked},
};
constexpr PackageOption bun_options[] = {
    {{"global", 'g'}, Setting::global},
    {{"cwd", 0, true}, Setting::target},
    {{"config", 'c', true}},
    {{"registry", 0, true}, Setting::index},
    {{"cache-dir", 0, true}},
    {{"backend", 0, true}},
    {{"filter", 0, true}},
    {{"ca", 0, true}},
    {{"cafile", 0, true}},
    {{"omit", 0, true}, Setting::no_extras},
    {{"linker", 0, true}},
    {{"concurrent-scripts", 0, true}},
    {{"network-concurrency", 0, true}},
    {{"frozen-lockfile"}, Setting::locked},
    {{"production", 'p'}, Setting::no_extras},
    {{"prod"}, Setting::no_extras},
    {{"no-cache"}, Setting::no_cache},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"no-verify"}, Setting::unverified},
    {{"dry-run"}, Setting::simulate},
    {{"force", 'f'}, Setting::force},
    {{"dev", 'd'}},
    {{"development", 'D'}},
    {{"optional"}},
    {{"exact", 'E'}},
    {{"yarn", 'y'}},
    {{"no-save"}},
    {{"save"}},
    {{"save-text-lockfile"}},
    {{"trust"}},
    {{"silent"}},
    {{"verbose"}},
    {{"no-progress"}},
    {{"no-summary"}},
};

// gem(1)
constexpr PackageSubcommand gem_subcommands[] = {
    {"install", Action::install},
    {"i", Action::install},
    {"update", Action::upgrade},
    {"uninstall", Action::remove},
    {"cleanup", Action::remove},
    {"fetch", Action::download},
    {"sources", Action::add_source, Operands::none},
};
constexpr PackageOption gem_options[] = {
    {{"version", 'v', true}, Role::version},
    {{"platform", 0, true}},
    {{"file", 'g', true}, Role::list},
    {{"install-dir", 'i', true}, Setting::target},
    {{"bindir", 'n', true}},
    {{"build-root", 0, true}, Setting::root},
    {{"document", 0, true}},
    {{"trust-policy", 'P', true}},
    {{"source", 's', true}, Setting::index},
    {{"add", 'a', true}, Setting::extra_index},
    {{"remove", 'r', true}},
    {{"clear-sources"}},
    {{"http-proxy", 'p', true}},
    {{"bulk-threshold", 'B', true}},
    {{"config-file", 0, true}},
    {{"target-rbconfig", 0, true}},
    {{"no-document", 'N'}, Setting::no_extras},
    {{"no-ri"}, Setting::no_extras},
    {{"no-rdoc"}, Setting::no_extras},
    {{"user-install"}, Setting::user},
    {{"no-user-install"}},
    {{"force", 'f'}, Setting::force},
    {{"ignore-dependencies"}},
    {{"conservative"}},
    {{"minimal-deps"}},
    {{"explain"}, Setting::simulate},
    {{"system"}},
    {{"env-shebang", 'E'}},
    {{"wrappers", 'w'}},
    {{"no-wrappers"}},
    {{"prerelease"}},
    {{"pre"}},
    {{"development"}},
    {{"dev"}},
    {{"local", 'l'}},
    {{"remote"}},
    {{"both", 'b'}},
    {{"default"}},
    {{"all"}},
    {{"executables", 'x'}},
    {{"ignore"}},
    {{"no-suggestions"}},
    {{"no-format-executable"}},
    {{"format-executable"}},
    {{"post-install-message"}},
    {{"no-post-install-message"}},
    {{"no-verify"}},
    {{"verbose", 'V'}},
    {{"quiet", 'q'}},
    {{"silent"}},
    {{"norc"}},
    {{"backtrace"}},
    {{"debug"}},
};

// bundle(1)
constexpr PackageSubcommand bundle_subcommands[] = {
    {"", Action::install, Operands::none},
    {"install", Action::install, Operands::none},
    {"add", Action::install},
    {"update", Action::upgrade},
    {"remove", Action::remove},
    {"clean", Action::clean, Operands::none},
};
constexpr PackageOption bundle_options[] = {
    {{"version", 'v', true}, Role::version},
    {{"group", 'g', true}},
    {{"source", 's', true}, Setting::index},
    {{"git", 0, true}, Role::source},
    {{"path", 0, true}, Setting::target},
    {{"binstubs", 0, true}},
    {{"gemfile", 0, true}},
    {{"jobs", 'j', true}},
    {{"retry", 0, true}},
    {{"standalone"}},
    {{"trust-policy", 'P', true}},
    {{"without", 0, true}, Setting::no_extras},
    {{"with", 0, true}},
    {{"shebang", 0, true}},
    {{"target-rbconfig", 0, true}},
    {{"require", 'r', true}},
    {{"deployment"}, Setting::locked},
    {{"frozen"}, Setting::locked},
    {{"no-cache"}},
    {{"clean"}},
    {{"full-index"}},
    {{"force"}, Setting::force},
    {{"redownload"}},
    {{"local"}},
    {{"prefer-local"}},
    {{"no-prune"}},
    {{"system"}},
    {{"quiet"}},
    {{"verbose", 'V'}},
    {{"no-color"}},
    {{"all"}},
    {{"conservative"}},
};

// "go help build", "go help install", "go help get"
constexpr PackageSubcommand go_subcommands[] = {
    {"install", Action::install},
    {"get", Action::install},
    {"build", Action::install, Operands::none},
    {"mod download", Action::download},
    {"mod tidy", Action::download, Operands::none},
    {"clean", Action::clean, Operands::none},
};
constexpr PackageOption go_options[] = {
    {{"C", 0, true}},
    {{"o", 0, true}},
    {{"p", 0, true}},
    {{"asmflags", 0, true}},
    {{"buildmode", 0, true}},
    {{"buildvcs", 0}},
    {{"compiler", 0, true}},
    {{"covermode", 0, true}},
    {{"coverpkg", 0, true}},
    {{"gccgoflags", 0, true}},
    {{"gcflags", 0, true}},
    {{"installsuffix", 0, true}},
    {{"ldflags", 0, true}},
    {{"mod", 0, true}},
    {{"modfile", 0, true}},
    {{"overlay", 0, true}},
    {{"pgo", 0, true}},
    {{"pkgdir", 0, true}},
    {{"tags", 0, true}},
    {{"toolexec", 0, true}},
    {{"reuse", 0, true}},
    {{"insecure"}, Setting::unverified},
    {{"u"}, Setting::upgrade},
    {{"d"}},
    {{"t"}},
    {{"f"}},
    {{"fix"}},
    {{"tool"}},
    {{"a"}},
    {{"n"}, Setting::simulate},
    {{"v"}},
    {{"x"}},
    {{"i"}},
    {{"race"}},
    {{"msan"}},
    {{"asan"}},
    {{"cover"}},
    {{"work"}},
    {{"json"}},
    {{"linkshared"}},
    {{"modcacherw"}},
    {{"trimpath"}},
};

// cargo(1)
constexpr PackageSubcommand cargo_subcommands[] = {
    {"install", Action::install},
    {"binstall", Action::install},
    {"add", Action::install},
    {"build", Action::install, Operands::none},
    {"b", Action::install, Operands::none},
    {"update", Action::upgrade},
    {"uninstall", Action::remove},
    {"remove", Action::remove},
    {"fetch", Action::download, Operands::none},
    {"vendor", Action::download, Operands::none},
    {"clean", Action::clean, Operands::none},
};
constexpr PackageOption cargo_options[] = {
    {{"version", 0, true}, Role::version},
    {{"vers", 0, true}, Role::version},
    {{"git", 0, true}, Role::source},
    {{"path", 0, true}, Role::source},
    {{"branch", 0, true}},
    {{"tag", 0, true}, Role::commit},
    {{"rev", 0, true}, Role::commit},
    {{"root", 0, true}, Setting::target},
    {{"registry", 0, true}, Setting::index},
    {{"index", 0, true}, Setting::index},
    {{"features", 'F', true}},
    {{"target", 0, true}},
    {{"target-dir", 0, true}},
    {{"profile", 0, true}},
    {{"bin", 0, true}},
    {{"example", 0, true}},
    {{"package", 'p', true}},
    {{"exclude", 0, true}},
    {{"jobs", 'j', true}},
    {{"manifest-path", 0, true}},
    {{"lockfile-path", 0, true}},
    {{"config", 0, true}},
    {{"color", 0, true}},
    {{"message-format", 0, true}},
    {{"directory", 'C', true}},
    {{"unstable", 'Z', true}},
    {{"strategies", 0, true}},
    {{"install-path", 0, true}},
    {{"targets", 0, true}},
    {{"locked"}, Setting::locked},
    {{"frozen"}, Setting::locked},
    {{"offline"}},
    {{"force", 'f'}},
    {{"no-confirm", 'y'}, Setting::assume_yes},
    {{"no-default-features"}},
    {{"all-features"}},
    {{"debug"}},
    {{"release", 'r'}},
    {{"bins"}},
    {{"examples"}},
    {{"tests"}},
    {{"all"}},
    {{"all-targets"}},
    {{"workspace"}},
    {{"lib"}},
    {{"no-track"}},
    {{"list"}, Role::question},
    {{"keep-going"}},
    {{"ignore-rust-version"}},
    {{"dev"}},
    {{"verbose", 'v'}},
    {{"quiet", 'q'}},
};

// composer(1)
constexpr PackageSubcommand composer_subcommands[] = {
    {"install", Action::install, Operands::none},
    {"i", Action::install, Operands::none},
    {"require", Action::install},
    {"r", Action::install},
    {"global require", Action::install, Operands::packages, Setting::global},
    {"create-project", Action::install, Operands::first},
    {"update", Action::upgrade},
    {"u", Action::upgrade},
    {"upgrade", Action::upgrade},
    {"global update", Action::upgrade, Operands::packages, Setting::global},
    {"remove", Action::remove},
    {"clear-cache", Action::clean, Operands::none},
    {"clearcache", Action::clean, Operands::none},
    {"cc", Action::clean, Operands::none},
};
constexpr PackageOption composer_options[] = {
    {{"no-dev"}, Setting::no_extras},
    {{"no-interaction", 'n'}, Setting::assume_yes},
    {{"no-cache"}, Setting::no_cache},
    {{"no-scripts"}, Setting::no_scripts},
    {{"no-plugins"}},
    {{"dry-run"}, Setting::simulate},
    {{"working-dir", 'd', true}, Setting::target},
    {{"repository", 0, true}, Setting::index},
    {{"repository-url", 0, true}, Setting::index},
    {{"stability", 's', true}},
    {{"prefer-install", 0, true}},
    {{"ignore-platform-req", 0, true}},
    {{"apcu-autoloader-prefix", 0, true}},
    {{"audit-format", 0, true}},
    {{"ignore-platform-reqs"}},
    {{"prefer-dist"}},
    {{"prefer-source"}},
    {{"prefer-stable"}},
    {{"prefer-lowest"}},
    {{"no-autoloader"}},
    {{"no-progress"}},
    {{"no-ansi"}},
    {{"ansi"}},
    {{"no-suggest"}},
    {{"no-audit"}},
    {{"audit"}},
    {{"no-update"}},
    {{"no-install"}},
    {{"no-security-blocking"}},
    {{"update-no-dev"}},
    {{"update-with-dependencies", 'w'}},
    {{"update-with-all-dependencies", 'W'}},
    {{"with-dependencies"}},
    {{"with-all-dependencies"}},
    {{"optimize-autoloader", 'o'}},
    {{"classmap-authoritative", 'a'}},
    {{"apcu-autoloader"}},
    {{"dev"}},
    {{"sort-packages"}},
    {{"fixed"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"profile"}},
    {{"no-secure-http"}, Setting::unverified},
    {{"keep-vcs"}},
    {{"remove-vcs"}},
};

// dotnet(1)
constexpr PackageSubcommand dotnet_subcommands[] = {
    {"tool install", Action::install},
    {"tool restore", Action::install, Operands::none},
    {"tool update", Action::upgrade},
    {"tool uninstall", Action::remove},
    {"workload install", Action::install},
    {"new install", Action::install},
    {"add package", Action::install},
    {"restore", Action::install, Operands::none},
    {"build", Action::install, Operands::none},
    {"publish", Action::install, Operands::none},
    {"nuget locals", Action::clean, Operands::none},
    {"nuget add", Action::add_source, Operands::sources},
};
constexpr PackageOption dotnet_options[] = {
    {{"version", 0, true}, Role::version},
    {{"global", 'g'}, Setting::global},
    {{"tool-path", 0, true}, Setting::target},
    {{"source", 's', true}, Setting::index},
    {{"add-source", 0, true}, Setting::extra_index},
    {{"configfile", 0, true}},
    {{"runtime", 'r', true}},
    {{"framework", 'f', true}},
    {{"configuration", 'c', true}},
    {{"output", 'o', true}},
    {{"arch", 'a', true}},
    {{"os", 0, true}},
    {{"verbosity", 'v', true}},
    {{"packages", 0, true}, Setting::target},
    {{"name", 'n', true}},
    {{"username", 'u', true}},
    {{"password", 'p', true}},
    {{"tool-manifest", 0, true}},
    {{"store-password-in-clear-text"}},
    {{"no-cache"}, Setting::no_cache},
    {{"no-http-cache"}, Setting::no_cache},
    {{"locked-mode"}, Setting::locked},
    {{"prerelease"}},
    {{"local"}},
    {{"interactive"}},
    {{"clear", 0}},
};

// nuget(1)
constexpr PackageSubcommand nuget_subcommands[] = {
    {"install", Action::install},
    {"restore", Action::install, Operands::none},
    {"update", Action::upgrade, Operands::none},
    {"locals", Action::clean, Operands::none},
    {"sources", Action::add_source, Operands::none},
};
constexpr PackageOption nuget_options[] = {
    {{"Version", 0, true}, Role::version},
    {{"OutputDirectory", 0, true}, Setting::target},
    {{"PackagesDirectory", 0, true}, Setting::target},
    {{"SolutionDirectory", 0, true}},
    {{"Source", 0, true}, Setting::index},
    {{"ConfigFile", 0, true}},
    {{"Framework", 0, true}},
    {{"Verbosity", 0, true}},
    {{"Name", 0, true}},
    {{"UserName", 0, true}},
    {{"Password", 0, true}},
    {{"NonInteractive"}, Setting::assume_yes},
    {{"NoCache"}, Setting::no_cache},
    {{"ExcludeVersion"}},
    {{"Prerelease"}},
};

// mix help deps.get
constexpr PackageSubcommand mix_subcommands[] = {
    {"deps.get", Action::install, Operands::none},
    {"deps.update", Action::upgrade},
    {"archive.install", Action::install, Operands::sources},
    {"escript.install", Action::install, Operands::sources},
    {"deps.clean", Action::clean, Operands::none},
};
constexpr PackageOption mix_options[] = {
    {{"only", 0, true}, Setting::no_extras},
    {{"target", 0, true}},
    {{"check-locked"}, Setting::locked},
    {{"force"}, Setting::assume_yes},
    {{"all"}},
    {{"no-archives-check"}},
};

// cabal(1)
constexpr PackageSubcommand cabal_subcommands[] = {
    {"install", Action::install},
    {"v2-install", Action::install},
    {"new-install", Action::install},
    {"build", Action::install, Operands::none},
    {"v2-build", Action::install, Operands::none},
    {"new-build", Action::install, Operands::none},
    {"update", Action::update_index, Operands::none},
    {"v2-update", Action::update_index, Operands::none},
    {"new-update", Action::update_index, Operands::none},
    {"fetch", Action::download},
    {"get", Action::download},
};
constexpr PackageOption cabal_options[] = {
    {{"installdir", 0, true}, Setting::target},
    {{"install-method", 0, true}},
    {{"overwrite-policy", 0, true}},
    {{"with-compiler", 'w', true}},
    {{"constraint", 0, true}},
    {{"flags", 'f', true}},
    {{"ghc-options", 0, true}},
    {{"bindir", 0, true}},
    {{"prefix", 0, true}, Setting::target},
    {{"project-file", 0, true}},
    {{"package-env", 0, true}},
    {{"config-file", 0, true}},
    {{"store-dir", 0, true}},
    {{"lib"}},
    {{"global"}, Setting::global},
    {{"only-dependencies"}},
    {{"dry-run"}, Setting::simulate},
    {{"disable-documentation"}},
    {{"enable-tests"}},
    {{"force-reinstalls"}},
    {{"jobs", 'j'}},
    {{"verbose", 'v'}},
};

// cpan(1), cpanm(1)
constexpr PackageSubcommand cpan_subcommands[] = {
    {"", Action::install},
};
constexpr PackageOption cpan_options[] = {
    {{"local-lib", 'l', true}, Setting::target},
    {{"local-lib-contained", 'L', true}, Setting::target},
    {{"mirror", 0, true}, Setting::index},
    {{"from", 'M', true}, Setting::index},
    {{"cpanfile", 0, true}, Role::list},
    {{"config", 'j', true}},
    {{"installdeps"}},
    {{"mirror-only"}},
    {{"notest", 'n'}},
    {{"verify"}},
    {{"test-only"}},
    {{"no-test"}, Setting::simulate},
    {{"force", 'f'}, Setting::force},
    {{"sudo", 'S'}},
    {{"skip-satisfied"}},
    {{"no-man-pages"}, Setting::no_extras},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"test", 'T'}},
    {{"install", 'i'}},
    {{"with-develop"}},
    {{"self-upgrade"}},
    {{"uninstall", 'U'}, Action::remove},
};

// luarocks(1)
constexpr PackageSubcommand luarocks_subcommands[] = {
    {"install", Action::install},
    {"build", Action::install},
    {"make", Action::install, Operands::none},
    {"remove", Action::remove},
    {"download", Action::download},
};
constexpr PackageOption luarocks_options[] = {
    {{"server", 0, true}, Setting::extra_index},
    {{"only-server", 0, true}, Setting::index},
    {{"only-sources", 0, true}},
    {{"tree", 0, true}, Setting::target},
    {{"lua-dir", 0, true}},
    {{"lua-version", 0, true}},
    {{"branch", 0, true}},
    {{"timeout", 0, true}},
    {{"verify"}},
    {{"no-doc"}, Setting::no_extras},
    {{"local"}, Setting::user},
    {{"global"}, Setting::global},
    {{"dev"}},
    {{"force"}, Setting::force},
    {{"keep"}},
    {{"only-deps"}},
    {{"no-manifest"}},
};

// choco
constexpr PackageSubcommand choco_subcommands[] = {
    {"install", Action::install},
    {"upgrade", Action::upgrade},
    {"update", Action::upgrade},
    {"uninstall", Action::remove},
    {"cache remove", Action::clean, Operands::none},
    {"source add", Action::add_source, Operands::none},
};
constexpr PackageOption choco_options[] = {
    {{"version", 0, true}, Role::version},
    {{"source", 's', true}, Setting::index},
    {{"name", 'n', true}},
    {{"params", 0, true}},
    {{"package-parameters", 0, true}},
    {{"install-arguments", 0, true}},
    {{"installargs", 0, true}},
    {{"execution-timeout", 0, true}},
    {{"timeout", 0, true}},
    {{"user", 'u', true}},
    {{"password", 'p', true}},
    {{"yes", 'y'}, Setting::assume_yes},
    {{"confirm"}, Setting::assume_yes},
    {{"force", 'f'}, Setting::force},
    {{"ignore-checksums"}, Setting::unverified},
    {{"allow-empty-checksums"}, Setting::unverified},
    {{"no-progress"}},
    {{"no-color"}},
    {{"limit-output", 'r'}},
    {{"pre"}},
    {{"verbose", 'v'}},
    {{"debug", 'd'}},
};

// snap(1)
constexpr PackageSubcommand snap_subcommands[] = {
    {"install", Action::install},
    {"refresh", Action::upgrade},
    {"remove", Action::remove},
    {"download", Action::download},
};
constexpr PackageOption snap_options[] = {
    {{"channel", 0, true}, Setting::release},
    {{"revision", 0, true}, Role::version},
    {{"cohort", 0, true}},
    {{"name", 0, true}},
    {{"dangerous"}, Setting::unverified},
    {{"devmode"}},
    {{"classic"}},
    {{"edge"}},
    {{"beta"}},
    {{"candidate"}},
    {{"stable"}},
    {{"jailmode"}},
    {{"no-wait"}},
    {{"purge"}, Setting::purge},
};

// brew(1)
constexpr PackageSubcommand brew_subcommands[] = {
    {"install", Action::install},
    {"reinstall", Action::install},
    {"update", Action::update_index, Operands::none},
    {"upgrade", Action::upgrade},
    {"uninstall", Action::remove},
    {"remove", Action::remove},
    {"rm", Action::remove},
    {"cleanup", Action::clean, Operands::none},
    {"fetch", Action::download},
    {"tap", Action::add_source, Operands::sources},
    {"bundle", Action::install, Operands::none},
};
constexpr PackageOption brew_options[] = {
    {{"appdir", 0, true}},
    {{"cc", 0, true}},
    {{"file", 0, true}, Role::list},
    {{"env", 0, true}},
    {{"force", 'f'}, Setting::force},
    {{"cask"}},
    {{"formula"}},
    {{"HEAD"}},
    {{"quiet", 'q'}},
    {{"verbose", 'v'}},
    {{"debug", 'd'}},
    {{"dry-run", 'n'}, Setting::simulate},
    {{"ignore-dependencies"}},
    {
        {"build-from-source"},
    },
    {{"prune", 0, true}},
    {{"scrub", 's'}},
    {{"overwrite"}},
    {{"no-quarantine"}, Setting::unverified},
};

constexpr PackageManager managers[] = {
    {"apt-get", "apt-get", apt_subcommands, apt_options, split_apt},
    {"apt", "apt", apt_subcommands, apt_options, split_apt},
    {"aptitude", "aptitude", apt_subcommands, apt_options, split_apt},
    {"dpkg", "dpkg", {}, dpkg_options, split_apt},
    {"apk", "apk", apk_subcommands, apk_options, split_apk},
    {"yum", "yum", dnf_subcommands, dnf_options, split_rpm},
    {"dnf", "dnf,dnf-3,dnf5", dnf_subcommands, dnf_options, split_rpm},
    {"microdnf", "microdnf", dnf_subcommands, dnf_options, split_rpm},
    {"tdnf", "tdnf", dnf_subcommands, dnf_options, split_rpm},
    {"rpm", "rpm", {}, rpm_options, split_rpm},
    {"zypper", "zypper", zypper_subcommands, zypper_options, split_zypper},
    {"pacman", "pacman", {}, pacman_options, split_pacman},
    {"emerge", "emerge", emerge_subcommands, emerge_options, split_emerge},
    {"pip", "pip", pip_subcommands, pip_options, split_python},
    {"uv", "uv", uv_subcommands, uv_options, split_python},
    {"pipx", "pipx", pipx_subcommands, pipx_options, split_python},
    {"poetry", "poetry", poetry_subcommands, poetry_options, split_python},
    {"pipenv", "pipenv", pipenv_subcommands, pipenv_options, split_python},
    {"conda", "conda,mamba,micromamba", conda_subcommands, conda_options, split_conda},
    {"npm", "npm", npm_subcommands, npm_options, split_npm},
    {"yarn", "yarn,yarnpkg", yarn_subcommands, yarn_options, split_npm},
    {"pnpm", "pnpm", pnpm_subcommands, pnpm_options, split_npm},
    {"bun", "bun", bun_subcommands, bun_options, split_npm},
    {"gem", "gem", gem_subcommands, gem_options, split_gem},
    {"bundle", "bundle,bundler", bundle_subcommands, bundle_options, split_gem},
    {"go", "go", go_subcommands, go_options, split_go, true},
    {"cargo", "cargo", cargo_subcommands, cargo_options, split_at},
    {"composer", "composer,composer.phar", composer_subcommands, composer_options, split_composer,
     false, true},
    {"dotnet", "dotnet", dotnet_subcommands, dotnet_options, split_name},
    {"nuget", "nuget", nuget_subcommands, nuget_options, split_name},
    {"mix", "mix", mix_subcommands, mix_options, split_name},
    {"cabal", "cabal", cabal_subcommands, cabal_options, split_cabal},
    {"cpan", "cpan,cpanm", cpan_subcommands, cpan_options, split_at},
    {"luarocks", "luarocks", luarocks_subcommands, luarocks_options, split_name, false, true},
    {"choco", "choco", choco_subcommands, choco_options, split_name},
    {"snap", "snap", snap_subcommands, snap_options, split_name},
    {"brew", "brew", brew_subcommands, brew_options, split_brew},
};

// "pip3.11" -> "pip"
std::string_view without_version(std::string_view program) {
  const std::size_t end = program.find_last_not_of("0123456789.-");
  return end == program.npos ? program : program.substr(0, end + 1);
}

bool has_name(std::string_view names, std::string_view name) {
  while (true) {
    const std::size_t comma = names.find(',');
    if (names.substr(0, comma) == name) return true;
    if (comma == names.npos) return false;
    names.remove_prefix(comma + 1);
  }
}

}  // namespace

const PackageManager* find_package_manager(std::string_view program) {
  const std::string_view name = without_version(program);
  const auto found = std::ranges::find_if(managers, [&](const PackageManager& manager) {
    return has_name(manager.programs, program) || has_name(manager.programs, name);
  });
  return found == std::end(managers) ? nullptr : found;
}

}  // namespace bulkhead::shell
