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

// A commit behind '@' or '#', or a checksum, pins what is fetched from a URL; a tag or a branch says at least
// what it is. `#egg=name` says nothing of the kind.
Pin pin_of_url(std::string_view url) {
  const std::size_t end = std::min(url.find('#'), url.size());
  const std::string_view fragment = url.substr(std::min(end + 1, url.size()));
  if (fragment.find("sha256=") != url.npos || fragment.find("sha512=") != url.npos)
    return Pin::exact;
  const std::size_t scheme = url.find("://");
  const std::size_t path = url.find('/', scheme == url.npos ? 0 : scheme + 3);
  const std::size_t at = path < end ? url.substr(0, end).find('@', path) : url.npos;
  std::string_view version;
  if (at != url.npos) {
    version = url.substr(at + 1, end - at - 1);
  } else if (fragment.find('=') == url.npos) {
    version = fragment;
  }
  if (version.empty()) return Pin::none;
  return is_hash(version.substr(0, version.find_first_of("&?"))) ? Pin::exact : Pin::range;
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
  const std::string_view place = text.substr(0, text.find('['));
  if (text.find('/') != text.npos || is_path(place) || place.ends_with(".whl") ||
      place.ends_with(".tar.gz") || place.ends_with(".zip")) {
    package.kind = Kind::path;
    package.name.resize(place.size());
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
  if (version.starts_with("npm:")) {  // under another name, which is no such in turn
    package.name.erase(0, at + 5);
    if (package.name.find("@npm:") == std::string::npos) return split_npm(package);
    package.kind = Kind::unknown;
    return;
  }
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
constexpr PackageOption apt_rows[] = {
    {{"yes", 'y'}, Setting::assume_yes},
    {{"assume-yes"}, Setting::assume_yes},
    {{"quiet", 'q'}, Role::apt_quiet},
    {{"simulate", 's'}, Setting::simulate},
    {{"just-print"}, Setting::simulate},
    {{"dry-run"}, Setting::simulate},
    {{"recon"}, Setting::simulate},
    {{"no-act"}, Setting::simulate},
    {{"print-uris"}, Setting::simulate},
    {{"download-only", 'd'}, Action::download},
    {{"no-install-recommends"}, Setting::no_extras},
    {{"without-recommends", 'R'}, Setting::no_extras},
    {{"upgrade", 'U'}, Setting::update_index},
    {{"update"}, Setting::update_index},
    {{"allow-remove-essential"}, Setting::force},
    {{"force-yes"}, Setting::unverified},
    {{"allow-unauthenticated"}, Setting::unverified},
    {{"allow-insecure-repositories"}, Setting::unverified},
    {{"auto-remove"}, Setting::unneeded},
    {{"autoremove"}, Setting::unneeded},
    {{"purge"}, Setting::purge},
    {{"with-source", 0, true}, Role::package},
    {{"target-release", 't', true}, Setting::release},
    {{"default-release", 0, true}, Setting::release},
    {{"option", 'o', true}, Role::apt_setting},
    {{"no-gpg-check"}, Setting::unverified},
};
constexpr PackageOptions apt_options = {
    apt_rows,
    "assume-no f/fix-broken m/fix-missing fix-policy ignore-missing ignore-hold no-download "
    "V/verbose-versions u/show-upgraded b/build compile install-recommends install-suggests "
    "no-install-suggests no-upgrade only-upgrade allow-downgrades allow-change-held-packages "
    "allow-releaseinfo-change no-allow-insecure-repositories reinstall list-cleanup "
    "no-list-cleanup trivial-only no-remove only-source diff-only dsc-only tar-only arch-only "
    "indep-only no-purge show-progress no-show-upgraded",
    "a/host-architecture P/build-profiles error-on c/config-file"};

// dpkg(1)
constexpr PackageOption dpkg_rows[] = {
    {{"install", 'i'}, Action::install},
    {{"unpack"}, Action::install},
    {{"remove", 'r'}, Action::remove},
    {{"purge", 'P'}, Action::remove},
    {{"root", 0, true}, Setting::root},
    {{"instdir", 0, true}, Setting::root},
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
    {{"dry-run"}, Setting::simulate},
    {{"simulate"}, Setting::simulate},
    {{"no-act"}, Setting::simulate},
};
constexpr PackageOptions dpkg_options = {
    dpkg_rows,
    "R/recursive force-confdef force-confold force-confnew no-triggers E/skip-same-version "
    "G/refuse-downgrade O/selected-only",
    "admindir ignore-depends path-exclude path-include"};

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
constexpr PackageOption apk_rows[] = {
    {{"root", 'p', true}, Setting::root},
    {{"repository", 'X', true}, Setting::extra_index},
    {{"virtual", 't', true}, Setting::virtual_group},
    {{"force", 'f'}, Setting::force},
    {{"force-broken-world"}, Setting::force},
    {{"force-overwrite"}, Setting::force},
    {{"update-cache", 'U'}, Setting::update_index},
    {{"update"}, Setting::update_index},
    {{"no-cache"}, Setting::no_cache},
    {{"no-check-certificate"}, Setting::unverified},
    {{"no-scripts"}, Setting::no_scripts},
    {{"print-arch"}, Role::question},
    {{"purge"}, Setting::purge},
    {{"allow-untrusted"}, Setting::unverified},
    {{"simulate"}, Setting::simulate},
};
constexpr PackageOptions apk_options = {
    apk_rows,
    "q/quiet v/verbose i/interactive force-binary-stdout force-missing-repositories "
    "force-non-repository force-old-apk force-refresh u/upgrade l/latest a/available ignore "
    "prune self-upgrade-only no-self-upgrade no-cache-clean no-chown no-network no-progress "
    "no-commit-hooks no-logfile no-interactive progress clean-protected overlay-from-stdin "
    "preserve-env initdb usermode r/rdepends R/recursive s/stdout L/link",
    "repositories-file keys-dir cache-dir cache-max-age arch wait progress-fd timeout "
    "o/output"};

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
constexpr PackageOption dnf_rows[] = {
    {{"assumeyes", 'y'}, Setting::assume_yes},
    {{"assume-yes"}, Setting::assume_yes},
    {{"yes"}, Setting::assume_yes},
    {{"installroot", 0, true}, Setting::root},
    {{"releasever", 0, true}, Setting::release},
    {{"setopt", 0, true}, Role::dnf_setting},
    {{"nogpgcheck"}, Setting::unverified},
    {{"no-gpgchecks"}, Setting::unverified},
    {{"no-gpg-checks"}, Setting::unverified},
    {{"skipsignature"}, Setting::unverified},
    {{"nodocs"}, Setting::no_extras},
    {{"no-docs"}, Setting::no_extras},
    {{"noweakdeps"}, Setting::no_extras},
    {{"refresh"}, Setting::update_index},
    {{"repo", 0, true}, Setting::index},
    {{"repoid", 0, true}, Setting::index},
    {{"add-repo", 0, true}, Setting::extra_index},
    {{"repofrompath", 0, true}, Setting::extra_index},
    {{"downloadonly"}, Action::download},
};
constexpr PackageOptions dnf_options = {
    dnf_rows,
    "assumeno allowerasing b/best nobest C/cacheonly q/quiet v/verbose skip-broken noplugins "
    "enable set-enabled set-disabled disable save bugfix security obsoletes resolve "
    "allowdowngrade nodeps timer with-optional noautoremove showduplicates",
    "c/config d/debuglevel e/errorlevel R/randomwait enablerepo disablerepo enable-repo "
    "disable-repo enableplugin disableplugin x/exclude excludepkgs disableexcludes "
    "disableexcludepkgs advisory advisories bz cve sec-severity downloaddir destdir arch "
    "forcearch comment color rpmverbosity"};

// rpm(8)
constexpr PackageOption rpm_rows[] = {
    {{"install", 'i'}, Action::install},   {{"upgrade", 'U'}, Action::install},
    {{"freshen", 'F'}, Action::upgrade},   {{"reinstall"}, Action::install},
    {{"erase", 'e'}, Action::remove},      {{"query", 'q'}, Role::question},
    {{"verify", 'V'}, Role::question},     {{"checksig", 'K'}, Role::question},
    {{"eval", 'E', true}, Role::question}, {{"import"}, Role::question},
    {{"initdb"}, Role::question},          {{"rebuilddb"}, Role::question},
    {{"nodigest"}, Setting::unverified},   {{"nosignature"}, Setting::unverified},
    {{"noverify"}, Setting::unverified},   {{"excludedocs"}, Setting::no_extras},
    {{"noscripts"}, Setting::no_scripts},  {{"nodeps"}, Setting::force},
    {{"force"}, Setting::force},           {{"test"}, Setting::simulate},
    {{"root", 0, true}, Setting::root},    {{"prefix", 0, true}, Setting::target},
};
constexpr PackageOptions rpm_options = {
    rpm_rows,
    "replacepkgs replacefiles oldpackage ignorearch ignoreos quiet v/verbose h/hash percent",
    "dbpath D/define relocate excludepath"};

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
constexpr PackageOption zypper_rows[] = {
    {{"non-interactive", 'n'}, Setting::assume_yes},
    {{"no-confirm", 'y'}, Setting::assume_yes},
    {{"no-recommends"}, Setting::no_extras},
    {{"no-gpg-checks"}, Setting::unverified},
    {{"no-gpgcheck", 'G'}, Setting::unverified},
    {{"gpgcheck-allow-unsigned"}, Setting::unverified},
    {{"gpgcheck-allow-unsigned-package"}, Setting::unverified},
    {{"gpgcheck-allow-unsigned-repo"}, Setting::unverified},
    {{"allow-unsigned-rpm"}, Setting::unverified},
    {{"force", 'f'}, Setting::force},
    {{"root", 'R', true}, Setting::root},
    {{"installroot", 0, true}, Setting::root},
    {{"releasever", 0, true}, Setting::release},
    {{"plus-repo", 'p', true}, Setting::extra_index},
    {{"download-only", 'd'}, Action::download},
    {{"clean-deps", 'u'}, Setting::unneeded},
    {{"dry-run"}, Setting::simulate},
};
constexpr PackageOptions zypper_options = {
    zypper_rows,
    "non-interactive-include-reboot-patches recommends gpg-auto-import-keys g/gpgcheck "
    "gpgcheck-strict l/auto-agree-with-licenses agree-to-third-party-licenses replacefiles "
    "force-resolution no-force-resolution oldpackage download-in-advance name capability "
    "q/quiet v/verbose no-refresh no-cd no-remote no-color A/no-abbrev i/ignore-unknown "
    "refresh a/all no-clean-deps details no-allow-vendor-change allow-vendor-change "
    "allow-downgrade disable-repositories",
    "t/type from r/repo c/config D/reposd-dir C/cache-dir raw-cache-dir solv-cache-dir "
    "pkg-cache-dir plus-content download priority"};

// pacman(8)
constexpr PackageOption pacman_rows[] = {
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
    {{"noconfirm"}, Setting::assume_yes},
    {{"noscriptlet"}, Setting::no_scripts},
    {{"overwrite", 0, true}, Setting::force},
    {{"root", 'r', true}, Setting::root},
    {{"sysroot", 0, true}, Setting::root},
};
constexpr PackageOptions pacman_options = {
    pacman_rows,
    "d/nodeps q/quiet v/verbose confirm noprogressbar needed asdeps asexplicit "
    "disable-download-timeout disable-sandbox",
    "ignore ignoregroup assume-installed b/dbpath cachedir config gpgdir hookdir logfile arch "
    "color"};

// emerge(1)
constexpr PackageSubcommand emerge_subcommands[] = {
    {"", Action::install},
};
constexpr PackageOption emerge_rows[] = {
    {{"sync"}, Action::update_index},      {{"unmerge", 'C'}, Action::remove},
    {{"depclean", 'c'}, Action::remove},   {{"prune", 'P'}, Action::remove},
    {{"search", 's'}, Role::question},     {{"info"}, Role::question},
    {{"pretend", 'p'}, Setting::simulate}, {{"fetchonly", 'f'}, Action::download},
    {{"update", 'u'}, Setting::upgrade},   {{"root", 0, true}, Setting::root},
};
constexpr PackageOptions emerge_options = {
    emerge_rows,
    "D/deep N/newuse U/changed-use 1/oneshot n/noreplace a/ask q/quiet v/verbose j/jobs",
    "sysroot prefix config-root X/exclude backtrack color"};

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
constexpr PackageOption pip_rows[] = {
    {{"requirement", 'r', true}, Role::list},
    {{"requirements", 0, true}, Role::list},
    {{"editable", 'e', true}, Role::package},
    {{"target", 't', true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"root", 0, true}, Setting::root},
    {{"index-url", 'i', true}, Setting::index},
    {{"pypi-url", 0, true}, Setting::index},
    {{"default-index", 0, true}, Setting::index},
    {{"extra-index-url", 0, true}, Setting::extra_index},
    {{"index", 0, true}, Setting::extra_index},
    {{"find-links", 'f', true}, Setting::extra_index},
    {{"trusted-host", 0, true}, Setting::trusted_host},
    {{"allow-insecure-host", 0, true}, Setting::trusted_host},
    {{"no-index"}, Setting::no_index},
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
};
constexpr PackageOptions pip_options = {
    pip_rows,
    "force-reinstall I/ignore-installed ignore-requires-python no-build-isolation use-pep517 "
    "no-use-pep517 check-build-dependencies compile no-compile no-warn-script-location "
    "no-warn-conflicts prefer-binary pre no-clean isolated debug require-virtualenv v/verbose "
    "q/quiet disable-pip-version-check no-python-version-warning no-color "
    "process-dependency-links egg",
    "group c/constraint build-constraint d/dest w/wheel-dir platform python-version python "
    "implementation abi src b/build upgrade-strategy C/config-settings config-setting "
    "global-option build-option install-option no-binary only-binary progress-bar "
    "root-user-action report index-strategy keyring-provider cert client-cert proxy retries "
    "timeout default-timeout exists-action cache-dir log use-feature use-deprecated "
    "resume-retries"};

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
constexpr PackageOption uv_rows[] = {
    {{"requirement", 'r', true}, Role::list},
    {{"requirements", 0, true}, Role::list},
    {{"with", 'w', true}, Role::package},
    {{"with-editable", 0, true}, Role::package},
    {{"with-requirements", 0, true}, Role::list},
    {{"editable", 'e', true}, Role::package},
    {{"target", 't', true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"index-url", 'i', true}, Setting::index},
    {{"default-index", 0, true}, Setting::index},
    {{"extra-index-url", 0, true}, Setting::extra_index},
    {{"index", 0, true}, Setting::extra_index},
    {{"find-links", 'f', true}, Setting::extra_index},
    {{"no-index"}, Setting::no_index},
    {{"allow-insecure-host", 0, true}, Setting::trusted_host},
    {{"trusted-host", 0, true}, Setting::trusted_host},
    {{"no-cache", 'n'}, Setting::no_cache},
    {{"no-cache-dir"}, Setting::no_cache},
    {{"no-deps"}, Setting::no_extras},
    {{"no-dev"}, Setting::no_extras},
    {{"no-default-groups"}, Setting::no_extras},
    {{"locked"}, Setting::locked},
    {{"frozen"}, Setting::locked},
    {{"require-hashes"}, Setting::locked},
    {{"dry-run"}, Setting::simulate},
    {{"upgrade", 'U'}, Setting::upgrade},
    {{"break-system-packages"}, Setting::force},
};
constexpr PackageOptions uv_options = {
    uv_rows,
    "verify-hashes system all-extras all-groups all-packages dev inexact exact active raw "
    "no-install-project no-install-workspace no-install-local no-editable no-sync no-build "
    "no-build-isolation no-sources no-progress no-config no-managed-python "
    "no-python-downloads managed-python native-tls offline refresh reinstall strict "
    "compile-bytecode compile no-compile-bytecode force q/quiet v/verbose",
    "group no-group only-group extra no-extra c/constraint constraints b/build-constraint "
    "build-constraints override overrides p/python python-version python-platform "
    "index-strategy keyring-provider cache-dir directory project package config-file "
    "C/config-setting config-settings link-mode resolution prerelease exclude-newer no-binary "
    "only-binary no-install-package no-build-package no-binary-package "
    "no-build-isolation-package P/upgrade-package reinstall-package refresh-package "
    "torch-backend color branch tag rev"};

// pipx(1)
constexpr PackageSubcommand pipx_subcommands[] = {
    {"install", Action::install},  {"install-all", Action::install, Operands::none},
    {"upgrade", Action::upgrade},  {"upgrade-all", Action::upgrade, Operands::none},
    {"uninstall", Action::remove},
};
constexpr PackageOption pipx_rows[] = {
    {{"index-url", 'i', true}, Setting::index},
    {{"preinstall", 0, true}, Role::package},
    {{"force", 'f'}, Setting::force},
    {{"global"}, Setting::global},
};
constexpr PackageOptions pipx_options = {
    pipx_rows,
    "e/editable include-deps system-site-packages fetch-missing-python q/quiet v/verbose",
    "pip-args python suffix backend"};

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
constexpr PackageOption poetry_rows[] = {
    {{"only", 0, true}, Setting::no_extras},
    {{"without", 0, true}, Setting::no_extras},
    {{"no-dev"}, Setting::no_extras},
    {{"no-cache"}, Setting::no_cache},
    {{"no-interaction", 'n'}, Setting::assume_yes},
    {{"dry-run"}, Setting::simulate},
};
constexpr PackageOptions poetry_options = {
    poetry_rows,
    "no-root no-directory no-plugins no-ansi ansi sync compile all-extras all-groups all "
    "only-root lock D/dev e/editable optional allow-prereleases q/quiet v/verbose",
    "with E/extras G/group source python platform markers priority C/directory P/project"};

// pipenv(1)
constexpr PackageSubcommand pipenv_subcommands[] = {
    {"install", Action::install},
    {"sync", Action::install, Operands::none, Setting::locked},
    {"update", Action::upgrade},
    {"uninstall", Action::remove},
};
constexpr PackageOption pipenv_rows[] = {
    {{"requirements", 'r', true}, Role::list},
    {{"editable", 'e', true}, Role::package},
    {{"index", 'i', true}, Setting::index},
    {{"pypi-mirror", 0, true}, Setting::index},
    {{"deploy"}, Setting::locked},
    {{"ignore-pipfile"}, Setting::locked},
};
constexpr PackageOptions pipenv_options = {
    pipenv_rows,
    "system d/dev pre clear skip-lock keep-outdated sequential site-packages q/quiet "
    "v/verbose",
    "python categories extra-pip-args"};

// conda(1), mamba, micromamba
constexpr PackageOption conda_clean_rows[] = {
    {{"yes", 'y'}, Setting::assume_yes},
    {{"dry-run", 'd'}, Setting::simulate},
};
constexpr PackageOptions conda_clean_options = {
    conda_clean_rows,
    "a/all f/force-pkgs-dirs i/index-cache p/packages t/tarballs l/logfiles q/quiet v/verbose "
    "json",
    "c/tempfiles"};
constexpr PackageSubcommand conda_subcommands[] = {
    {"install", Action::install},
    {"create", Action::install},
    {"env create", Action::install, Operands::none},
    {"env update", Action::upgrade, Operands::none},
    {"update", Action::upgrade},
    {"upgrade", Action::upgrade},
    {"remove", Action::remove},
    {"uninstall", Action::remove},
    {"clean", Action::clean, Operands::none, {}, &conda_clean_options},
    {"config", Action::add_source, Operands::sources},
};
constexpr PackageOption conda_rows[] = {
    {{"name", 'n', true}, Setting::target},
    {{"prefix", 'p', true}, Setting::target},
    {{"channel", 'c', true}, Setting::extra_index},
    {{"file", 'f', true}, Role::list},
    {{"set", 0, true}, Role::question},
    {{"remove", 0, true}, Role::question},
    {{"yes", 'y'}, Setting::assume_yes},
    {{"dry-run", 'd'}, Setting::simulate},
    {{"insecure", 'k'}, Setting::unverified},
    {{"no-deps"}, Setting::no_extras},
    {{"download-only"}, Action::download},
};
constexpr PackageOptions conda_options = {
    conda_rows,
    "override-channels freeze-installed no-update-deps update-deps update-all update-specs "
    "a/all prune force force-reinstall offline copy q/quiet v/verbose json C/use-index-cache "
    "strict-channel-priority no-channel-priority no-default-packages no-rc no-pin no-py-pin "
    "show-channel-urls",
    "append prepend add clone subdir platform solver repodata-fn r/root-prefix "
    "channel-priority revision"};

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
constexpr PackageOption npm_rows[] = {
    {{"global", 'g'}, Setting::global},
    {{"prefix", 'C', true}, Setting::target},
    {{"registry", 0, true}, Setting::index},
    {{"omit", 0, true}, Setting::no_extras},
    {{"only", 0, true}, Setting::no_extras},
    {{"production"}, Setting::no_extras},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"no-strict-ssl"}, Setting::unverified},
    {{"strict-ssl"}, Role::check},
    {{"force", 'f'}, Setting::force},
    {{"dry-run"}, Setting::simulate},
    {{"yes", 'y'}, Setting::assume_yes},
};
constexpr PackageOptions npm_options = {
    npm_rows,
    "workspaces include-workspace-root no-optional unsafe-perm allow-root legacy-peer-deps "
    "strict-peer-deps legacy-bundling global-style prefer-dedupe no-package-lock package-lock "
    "package-lock-only no-shrinkwrap foreground-scripts no-audit audit no-fund fund "
    "no-bin-links bin-links no-progress progress no-update-notifier no-color color "
    "build-from-source prefer-offline prefer-online offline no-dry-run S/save no-save "
    "P/save-prod D/save-dev O/save-optional save-peer E/save-exact B/save-bundle dev s/silent "
    "q/quiet d/verbose l/long json install-links engine-strict",
    "location w/workspace include cache userconfig globalconfig loglevel tag before "
    "install-strategy script-shell fetch-retries fetch-retry-factor fetch-retry-mintimeout "
    "fetch-retry-maxtimeout fetch-timeout maxsockets network-timeout https-proxy proxy "
    "noproxy cafile ca audit-level os cpu libc target_arch target_platform pack-destination "
    "cwd jobs python node-gyp"};

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
constexpr PackageOption yarn_rows[] = {
    {{"frozen-lockfile"}, Setting::locked},
    {{"immutable"}, Setting::locked},
    {{"production"}, Setting::no_extras},
    {{"prod"}, Setting::no_extras},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"registry", 0, true}, Setting::index},
    {{"prefix", 0, true}, Setting::target},
    {{"modules-folder", 0, true}, Setting::target},
    {{"non-interactive"}, Setting::assume_yes},
    {{"force"}, Setting::force},
    {{"skip-integrity-check"}, Setting::unverified},
    {{"version", 'v'}, Role::question},
    {{"help", 'h'}, Role::question},
};
constexpr PackageOptions yarn_options = {
    yarn_rows,
    "pure-lockfile no-lockfile inline-builds immutable-cache check-cache check-files "
    "no-progress s/silent verbose ignore-engines ignore-platform ignore-optional "
    "W/ignore-workspace-root-check no-bin-links prefer-offline offline flat link-duplicates "
    "check-integrity har focus D/dev P/peer O/optional E/exact T/tilde C/caret latest A/all "
    "json emoji no-emoji no-default-rc",
    "cwd cache-folder preferred-cache-folder global-folder mutex network-timeout "
    "network-concurrency proxy https-proxy use-yarnrc mode"};

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
constexpr PackageOption pnpm_rows[] = {
    {{"global", 'g'}, Setting::global},
    {{"dir", 'C', true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"registry", 0, true}, Setting::index},
    {{"frozen-lockfile"}, Setting::locked},
    {{"prod", 'P'}, Setting::no_extras},
    {{"production"}, Setting::no_extras},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"no-verify-store-integrity"}, Setting::unverified},
    {{"force"}, Setting::force},
};
constexpr PackageOptions pnpm_options = {
    pnpm_rows,
    "no-frozen-lockfile lockfile-only no-lockfile prefer-frozen-lockfile fix-lockfile "
    "no-optional D/dev save-prod save-dev E/save-exact O/save-optional "
    "strict-peer-dependencies no-strict-peer-dependencies shamefully-hoist r/recursive "
    "w/workspace-root ignore-workspace-root-check ignore-workspace ignore-pnpmfile offline "
    "prefer-offline L/latest s/silent stream no-color config.confirmModulesPurge unsafe-perm",
    "F/filter store-dir virtual-store-dir global-dir modules-dir lockfile-dir reporter "
    "loglevel network-concurrency child-concurrency workspace-concurrency "
    "package-import-method node-linker hoist-pattern public-hoist-pattern allow-build"};

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
constexpr PackageOption bun_rows[] = {
    {{"global", 'g'}, Setting::global},
    {{"cwd", 0, true}, Setting::target},
    {{"registry", 0, true}, Setting::index},
    {{"omit", 0, true}, Setting::no_extras},
    {{"frozen-lockfile"}, Setting::locked},
    {{"production", 'p'}, Setting::no_extras},
    {{"prod"}, Setting::no_extras},
    {{"no-cache"}, Setting::no_cache},
    {{"ignore-scripts"}, Setting::no_scripts},
    {{"no-verify"}, Setting::unverified},
    {{"dry-run"}, Setting::simulate},
    {{"force", 'f'}, Setting::force},
};
constexpr PackageOptions bun_options = {
    bun_rows,
    "d/dev D/development optional E/exact y/yarn no-save save save-text-lockfile trust silent "
    "verbose no-progress no-summary",
    "c/config cache-dir backend filter ca cafile linker concurrent-scripts "
    "network-concurrency"};

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
constexpr PackageOption gem_rows[] = {
    {{"version", 'v', true}, Role::version},
    {{"file", 'g', true}, Role::list},
    {{"install-dir", 'i', true}, Setting::target},
    {{"build-root", 0, true}, Setting::root},
    {{"source", 's', true}, Setting::index},
    {{"add", 'a', true}, Setting::extra_index},
    {{"no-document", 'N'}, Setting::no_extras},
    {{"no-ri"}, Setting::no_extras},
    {{"no-rdoc"}, Setting::no_extras},
    {{"user-install"}, Setting::user},
    {{"force", 'f'}, Setting::force},
    {{"explain"}, Setting::simulate},
};
constexpr PackageOptions gem_options = {
    gem_rows,
    "clear-sources no-user-install ignore-dependencies conservative minimal-deps system "
    "E/env-shebang w/wrappers no-wrappers prerelease pre development dev l/local remote "
    "b/both default all x/executables ignore no-suggestions no-format-executable "
    "format-executable post-install-message no-post-install-message no-verify V/verbose "
    "q/quiet silent norc backtrace debug",
    "platform n/bindir document P/trust-policy r/remove p/http-proxy B/bulk-threshold "
    "config-file target-rbconfig"};

// bundle(1)
constexpr PackageSubcommand bundle_subcommands[] = {
    {"", Action::install, Operands::none},
    {"install", Action::install, Operands::none},
    {"add", Action::install},
    {"update", Action::upgrade},
    {"remove", Action::remove},
    {"clean", Action::clean, Operands::none},
};
constexpr PackageOption bundle_rows[] = {
    {{"version", 'v', true}, Role::version},
    {{"source", 's', true}, Setting::index},
    {{"git", 0, true}, Role::source},
    {{"path", 0, true}, Setting::target},
    {{"without", 0, true}, Setting::no_extras},
    {{"deployment"}, Setting::locked},
    {{"frozen"}, Setting::locked},
    {{"force"}, Setting::force},
};
constexpr PackageOptions bundle_options = {
    bundle_rows,
    "standalone no-cache clean full-index redownload local prefer-local no-prune system quiet "
    "V/verbose no-color all conservative",
    "g/group binstubs gemfile j/jobs retry P/trust-policy with shebang target-rbconfig "
    "r/require"};

// "go help build", "go help install", "go help get"
constexpr PackageSubcommand go_subcommands[] = {
    {"install", Action::install},
    {"get", Action::install},
    {"run", Action::install, Operands::first},
    {"build", Action::install, Operands::none},
    {"mod download", Action::download},
    {"mod tidy", Action::download, Operands::none},
    {"clean", Action::clean, Operands::none},
};
constexpr PackageOption go_rows[] = {
    {{"insecure"}, Setting::unverified},
    {{"u"}, Setting::upgrade},
    {{"n"}, Setting::simulate},
};
constexpr PackageOptions go_options = {
    go_rows,
    "buildvcs d t f fix tool a v x i race msan asan cover work json linkshared modcacherw "
    "trimpath",
    "C o p asmflags buildmode compiler covermode coverpkg gccgoflags gcflags installsuffix "
    "ldflags mod modfile overlay pgo pkgdir tags toolexec reuse"};

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
constexpr PackageOption cargo_rows[] = {
    {{"version", 0, true}, Role::version},
    {{"vers", 0, true}, Role::version},
    {{"git", 0, true}, Role::source},
    {{"path", 0, true}, Role::source},
    {{"tag", 0, true}, Role::commit},
    {{"rev", 0, true}, Role::commit},
    {{"root", 0, true}, Setting::target},
    {{"registry", 0, true}, Setting::index},
    {{"index", 0, true}, Setting::index},
    {{"locked"}, Setting::locked},
    {{"frozen"}, Setting::locked},
    {{"no-confirm", 'y'}, Setting::assume_yes},
    {{"list"}, Role::question},
};
constexpr PackageOptions cargo_options = {
    cargo_rows,
    "offline f/force no-default-features all-features debug r/release bins examples tests all "
    "all-targets workspace lib no-track keep-going ignore-rust-version dev v/verbose q/quiet",
    "branch F/features target target-dir profile bin example p/package exclude j/jobs "
    "manifest-path lockfile-path config color message-format C/directory Z/unstable "
    "strategies install-path targets"};

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
constexpr PackageOption composer_rows[] = {
    {{"no-dev"}, Setting::no_extras},          {{"no-interaction", 'n'}, Setting::assume_yes},
    {{"no-cache"}, Setting::no_cache},         {{"no-scripts"}, Setting::no_scripts},
    {{"dry-run"}, Setting::simulate},          {{"working-dir", 'd', true}, Setting::target},
    {{"repository", 0, true}, Setting::index}, {{"repository-url", 0, true}, Setting::index},
    {{"no-secure-http"}, Setting::unverified},
};
constexpr PackageOptions composer_options = {
    composer_rows,
    "no-plugins ignore-platform-reqs prefer-dist prefer-source prefer-stable prefer-lowest "
    "no-autoloader no-progress no-ansi ansi no-suggest no-audit audit no-update no-install "
    "no-security-blocking update-no-dev w/update-with-dependencies "
    "W/update-with-all-dependencies with-dependencies with-all-dependencies "
    "o/optimize-autoloader a/classmap-authoritative apcu-autoloader dev sort-packages fixed "
    "q/quiet v/verbose profile keep-vcs remove-vcs",
    "s/stability prefer-install ignore-platform-req apcu-autoloader-prefix audit-format"};

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
constexpr PackageOption dotnet_rows[] = {
    {{"version", 0, true}, Role::version},
    {{"global", 'g'}, Setting::global},
    {{"tool-path", 0, true}, Setting::target},
    {{"source", 's', true}, Setting::index},
    {{"add-source", 0, true}, Setting::extra_index},
    {{"packages", 0, true}, Setting::target},
    {{"no-cache"}, Setting::no_cache},
    {{"no-http-cache"}, Setting::no_cache},
    {{"locked-mode"}, Setting::locked},
};
constexpr PackageOptions dotnet_options = {
    dotnet_rows, "store-password-in-clear-text prerelease local interactive clear",
    "configfile r/runtime f/framework c/configuration o/output a/arch os v/verbosity n/name "
    "u/username p/password tool-manifest"};

// nuget(1)
constexpr PackageSubcommand nuget_subcommands[] = {
    {"install", Action::install},
    {"restore", Action::install, Operands::none},
    {"update", Action::upgrade, Operands::none},
    {"locals", Action::clean, Operands::none},
    {"sources", Action::add_source, Operands::none},
};
constexpr PackageOption nuget_rows[] = {
    {{"Version", 0, true}, Role::version},
    {{"OutputDirectory", 0, true}, Setting::target},
    {{"PackagesDirectory", 0, true}, Setting::target},
    {{"Source", 0, true}, Setting::index},
    {{"NonInteractive"}, Setting::assume_yes},
    {{"NoCache"}, Setting::no_cache},
};
constexpr PackageOptions nuget_options = {
    nuget_rows, "ExcludeVersion Prerelease",
    "SolutionDirectory ConfigFile Framework Verbosity Name UserName Password"};

// mix help deps.get
constexpr PackageSubcommand mix_subcommands[] = {
    {"deps.get", Action::install, Operands::none},
    {"deps.update", Action::upgrade},
    {"archive.install", Action::install, Operands::sources},
    {"escript.install", Action::install, Operands::sources},
    {"deps.clean", Action::clean, Operands::none},
};
constexpr PackageOption mix_rows[] = {
    {{"only", 0, true}, Setting::no_extras},
    {{"check-locked"}, Setting::locked},
    {{"force"}, Setting::assume_yes},
};
constexpr PackageOptions mix_options = {mix_rows, "all no-archives-check", "target"};

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
constexpr PackageOption cabal_rows[] = {
    {{"installdir", 0, true}, Setting::target},
    {{"prefix", 0, true}, Setting::target},
    {{"global"}, Setting::global},
    {{"dry-run"}, Setting::simulate},
};
constexpr PackageOptions cabal_options = {
    cabal_rows,
    "lib only-dependencies disable-documentation enable-tests force-reinstalls j/jobs "
    "v/verbose",
    "install-method overwrite-policy w/with-compiler constraint f/flags ghc-options bindir "
    "project-file package-env config-file store-dir"};

// cpan(1), cpanm(1)
constexpr PackageSubcommand cpan_subcommands[] = {
    {"", Action::install},
};
constexpr PackageOption cpan_rows[] = {
    {{"local-lib", 'l', true}, Setting::target},
    {{"local-lib-contained", 'L', true}, Setting::target},
    {{"mirror", 0, true}, Setting::index},
    {{"from", 'M', true}, Setting::index},
    {{"cpanfile", 0, true}, Role::list},
    {{"no-test"}, Setting::simulate},
    {{"force", 'f'}, Setting::force},
    {{"no-man-pages"}, Setting::no_extras},
    {{"uninstall", 'U'}, Action::remove},
};
constexpr PackageOptions cpan_options = {
    cpan_rows,
    "installdeps mirror-only n/notest verify test-only S/sudo skip-satisfied q/quiet "
    "v/verbose T/test i/install with-develop self-upgrade",
    "j/config"};

// luarocks(1)
constexpr PackageSubcommand luarocks_subcommands[] = {
    {"install", Action::install},
    {"build", Action::install},
    {"make", Action::install, Operands::none},
    {"remove", Action::remove},
    {"download", Action::download},
};
constexpr PackageOption luarocks_rows[] = {
    {{"server", 0, true}, Setting::extra_index},
    {{"only-server", 0, true}, Setting::index},
    {{"tree", 0, true}, Setting::target},
    {{"no-doc"}, Setting::no_extras},
    {{"local"}, Setting::user},
    {{"global"}, Setting::global},
    {{"force"}, Setting::force},
};
constexpr PackageOptions luarocks_options = {luarocks_rows, "verify dev keep only-deps no-manifest",
                                             "only-sources lua-dir lua-version branch timeout"};

// choco
constexpr PackageSubcommand choco_subcommands[] = {
    {"install", Action::install},
    {"upgrade", Action::upgrade},
    {"update", Action::upgrade},
    {"uninstall", Action::remove},
    {"cache remove", Action::clean, Operands::none},
    {"source add", Action::add_source, Operands::none},
};
constexpr PackageOption choco_rows[] = {
    {{"version", 0, true}, Role::version},
    {{"source", 's', true}, Setting::index},
    {{"yes", 'y'}, Setting::assume_yes},
    {{"confirm"}, Setting::assume_yes},
    {{"force", 'f'}, Setting::force},
    {{"ignore-checksums"}, Setting::unverified},
    {{"allow-empty-checksums"}, Setting::unverified},
};
constexpr PackageOptions choco_options = {
    choco_rows, "no-progress no-color r/limit-output pre v/verbose d/debug",
    "n/name params package-parameters install-arguments installargs execution-timeout timeout "
    "u/user p/password"};

// snap(1)
constexpr PackageSubcommand snap_subcommands[] = {
    {"install", Action::install},
    {"refresh", Action::upgrade},
    {"remove", Action::remove},
    {"download", Action::download},
};
constexpr PackageOption snap_rows[] = {
    {{"channel", 0, true}, Setting::release},
    {{"revision", 0, true}, Role::version},
    {{"dangerous"}, Setting::unverified},
    {{"purge"}, Setting::purge},
};
constexpr PackageOptions snap_options = {
    snap_rows, "devmode classic edge beta candidate stable jailmode no-wait", "cohort name"};

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
constexpr PackageOption brew_rows[] = {
    {{"file", 0, true}, Role::list},
    {{"force", 'f'}, Setting::force},
    {{"dry-run", 'n'}, Setting::simulate},
    {{"no-quarantine"}, Setting::unverified},
};
constexpr PackageOptions brew_options = {
    brew_rows,
    "cask formula HEAD q/quiet v/verbose d/debug ignore-dependencies build-from-source "
    "s/scrub overwrite",
    "appdir cc env prune"};

// pecl(1), and the programs that Docker's PHP images and Debian have around it
constexpr PackageSubcommand pecl_subcommands[] = {
    {"install", Action::install},
    {"upgrade", Action::upgrade},
    {"uninstall", Action::remove},
    {"download", Action::download},
    {"channel-update", Action::update_index, Operands::none},
    {"update-channels", Action::update_index, Operands::none},
    {"clear-cache", Action::clean, Operands::none},
};
constexpr PackageOption pecl_rows[] = {
    {{"force", 'f'}, Setting::force},
    {{"nodeps", 'n'}, Setting::force},
    {{"offline", 'O'}, Setting::no_index},
    {{"packagingroot", 'P', true}, Setting::root},
    {{"installroot", 'R', true}, Setting::root},
    {{"pretend", 'p'}, Setting::simulate},
};
constexpr PackageOptions pecl_options = {
    pecl_rows,
    "l/loose r/register-only s/soft B/nobuild Z/nocompress a/alldeps o/onlyreqdeps "
    "i/ignore-errors -q -v",
    "D/configureoptions -d"};
constexpr PackageSubcommand extension_subcommands[] = {{"", Action::install}};
constexpr PackageOptions extension_options = {{}, "", "-j ini-name -v -s -m"};

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
    {"gem", "gem", gem_subcommands, gem_options, split_gem, false, false, true},
    {"bundle", "bundle,bundler", bundle_subcommands, bundle_options, split_gem},
    {"go", "go", go_subcommands, go_options, split_go, true},
    {"cargo", "cargo", cargo_subcommands, cargo_options, split_at},
    {"composer", "composer,composer.phar", composer_subcommands, composer_options, split_composer,
     false, true},
    {"pecl", "pecl", pecl_subcommands, pecl_options, split_cabal},
    {"docker-php-ext", "docker-php-ext-install,docker-php-ext-enable,phpenmod",
     extension_subcommands, extension_options, split_name},
    {"install-php-extensions", "install-php-extensions", extension_subcommands, extension_options,
     split_cabal},
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

// A program and its row in `managers`.
struct Program {
  std::string_view name;
  std::size_t manager = 0;
};

// By name: each command of a build is looked up.
constexpr auto programs = [] {
  constexpr auto for_each = [](auto visit) {
    for (std::size_t i = 0; i < std::size(managers); ++i) {
      for (std::string_view names = managers[i].programs; !names.empty();) {
        const std::size_t end = std::min(names.find(','), names.size());
        visit(Program{names.substr(0, end), i});
        names.remove_prefix(std::min(end + 1, names.size()));
      }
    }
  };
  constexpr std::size_t size = [&] {
    std::size_t count = 0;
    for_each([&](const Program&) { ++count; });
    return count;
  }();
  std::array<Program, size> all;
  std::size_t count = 0;
  for_each([&](const Program& program) { all[count++] = program; });
  std::ranges::sort(all, {}, &Program::name);
  return all;
}();

const PackageManager* find_program(std::string_view name) {
  const auto found = std::ranges::lower_bound(programs, name, {}, &Program::name);
  return found != programs.end() && found->name == name ? &managers[found->manager] : nullptr;
}

}  // namespace

std::span<const PackageManager> package_managers() {
  return managers;
}

const PackageManager* find_package_manager(std::string_view program) {
  const PackageManager* const found = find_program(program);
  return found != nullptr ? found : find_program(without_version(program));
}

}  // namespace bulkhead::shell
