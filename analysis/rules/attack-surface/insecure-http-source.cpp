#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/facts/programs.h"
#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/rules/variable_settings.h"
#include "analysis/rules/written_settings.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

// "http" of "HTTP://example.com/x", if that is a way anybody can listen to; else empty.
std::string clear_scheme(std::string_view url) {
  for (const std::string_view scheme : {"http", "ftp", "git"}) {
    const std::size_t size = scheme.size();
    if (equals_ignoring_case(url.substr(0, size), scheme) && url.substr(size).starts_with("://"))
      return std::string(scheme);
  }
  return {};
}

// "example.com:80" of "http://me@example.com:80/x".
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const std::size_t user = url.rfind('@');
  if (user != std::string_view::npos) url.remove_prefix(user + 1);
  return url;
}

std::string_view host_of(std::string_view url) {
  url = authority_of(url);
  return url.starts_with('[') ? url.substr(0, url.find(']') + 1) : url.substr(0, url.find(':'));
}

// Nothing goes over a wire, or it stays inside the network of the build; 169.254.169.254 is what clouds tell
// a machine about itself at.
bool is_near(std::string_view host) {
  return host == "localhost" || host == "0.0.0.0" || host.starts_with("127.") || host == "[::1]" ||
         host.empty() || host.starts_with("10.") || host.starts_with("192.168.") ||
         host.starts_with("169.254.") || host.find('.') == std::string_view::npos ||
         host.ends_with(".internal");
}

// Ubuntu's own archives, which speak no https.
bool has_no_https(std::string_view host) {
  return host == "archive.ubuntu.com" || host.ends_with(".archive.ubuntu.com") ||
         host == "security.ubuntu.com" || host == "ports.ubuntu.com";
}

// What makes https of a URL in `place`, where its scheme stands there as it is, and not in a variable. The port of
// http goes; what is served at another one stays as it is.
std::vector<Edit> with_https(const Document& document, Span place, std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const std::string_view written = document.text(place);
  const std::size_t at = written.find(scheme);
  if (at == std::string_view::npos) return {};
  const auto edit = [&](std::size_t begin, std::size_t size, std::string text) {
    const auto from = place.begin + static_cast<std::uint32_t>(begin);
    return replace({from, from + static_cast<std::uint32_t>(size)}, std::move(text));
  };
  std::vector<Edit> edits{edit(at + scheme.find(':'), 0, "s")};
  const std::string_view authority = authority_of(url);
  const std::string_view port = authority.substr(host_of(url).size());
  if (port.empty()) return edits;
  const std::size_t host = written.find(authority, at + scheme.size());
  if (port != ":80" || host == std::string_view::npos) return {};
  edits.push_back(edit(host + authority.size() - port.size(), port.size(), ""));
  return edits;
}

// Reports a URL that stands in `place`, if anybody can listen to it. What the package manager checks the
// signatures of is only seen and held back by others. Without the certificates of any authority https fails.
void tell(Report& report, const Document& document, Span place, std::string_view url,
          std::string_view signed_by = {}, bool has_authorities = true) {
  const std::string scheme = clear_scheme(url);
  if (scheme.empty()) return;
  const std::string_view host = host_of(url);
  if (is_near(host)) return;
  auto finding = report.at(
      place,
      signed_by.empty()
          ? fmt::format("{}:// to {}: anyone on the network path can replace it", scheme, host)
          : fmt::format("{}:// to {}: {} checks signatures, but anyone on the network path "
                        "sees what is fetched and can hold updates back",
                        scheme, host, signed_by));
  if (!signed_by.empty()) finding.severity(Severity::hint);
  if (scheme == "http" && has_authorities && !has_no_https(host))
    finding.fix(Safety::unsafe, "Use https", with_https(document, place, url));
}

// ---- What is fetched

void check_downloads(const Stage& stage, Report& report) {
  each_timeline(stage, [&](const Timeline& timeline) {
    timeline.each<DownloadEffect>([&](const Effect& effect, const DownloadEffect& download) {
      if (!download.verified) tell(report, stage.document(), effect.span, download.url.text);
    });
  });
}

// ---- Where package managers fetch from, on their command lines

constexpr std::string_view managers =
    "pip pip2 pip3 pipx pipenv uv poetry pdm conda mamba micromamba npm npx yarn pnpm gem bundle "
    "bundler "
    "composer cpanm luarocks go nuget dotnet helm apk apt apt-get apt-key add-apt-repository "
    "apt-add-repository rpm rpmkeys yum dnf dnf5 microdnf tdnf yum-config-manager zypper";
constexpr std::string_view signing = "apk apt apt-get add-apt-repository apt-add-repository";
// They run something else, whose arguments are not theirs.
constexpr std::string_view runners = "run run-script exec start test x dlx create tool";

// The URL in "http://...", "--index-url=http://...", "deb http://... stable main".
std::string_view url_in(std::string_view text) {
  std::size_t at = text.find("://");
  if (at == std::string_view::npos) return {};
  while (at > 0 && lower_case(text[at - 1]) >= 'a' && lower_case(text[at - 1]) <= 'z') --at;
  const std::string_view url = text.substr(at);
  return url.substr(0, url.find_first_of(" \t\r\n\"'\\,;|<>"));
}

bool is_of_proxy(std::string_view text) {
  return lower_case(text).find("proxy") != std::string::npos;
}

void check_command(const Command& command, Report& report) {
  const std::string& name = command.name();
  // pip3.11
  const bool is_pip = name.starts_with("pip3.");
  if (!is_pip && !is_listed(name, managers)) return;
  const auto words = command.arguments();
  std::string before;
  for (const ShellWord& word : words) {
    const Value value = word.value();
    if (before.empty() && is_listed(value.text, runners)) return;
    const std::string_view url = url_in(value.text);
    // What comes by its fingerprint from a key server is checked by that; `mirror.URL` is what is replaced.
    const bool is_checked = name == "apt-key" && before != "--fetch-keys";
    const bool counts = !is_of_proxy(before) && !is_checked && !value.text.starts_with("mirror.") &&
                        !is_of_proxy(value.text.substr(0, value.text.find("://")));
    before = value.text;
    if (url.empty() || !counts) continue;
    const bool is_signed =
        is_listed(name, signing) && value.text.find("trusted=yes") == std::string::npos;
    tell(report, command.run().document(), word.span(), url, is_signed ? name : "");
  }
}

// ---- In their configuration files

// Where from on the certificates of authorities are known to be there for apt, which brings none: packages
// that recommend them count as well.
std::uint32_t authorities_from(const Stage& stage) {
  using Setting = shell::PackageCall::Setting;
  const auto image = stage.base_image();
  if (image && facts::brings(image->familiar_name(), image->tag, "update-ca-certificates"))
    return 0;
  std::uint32_t from = std::numeric_limits<std::uint32_t>::max();
  for (const Stage& each : stage.lineage()) {
    each.effects().each<PackageEffect>([&](const Effect& effect, const PackageEffect& packages) {
      const shell::PackageCall& call = packages.call;
      const bool brings =
          call.action == shell::PackageCall::Action::install &&
          std::ranges::any_of(call.packages, [&](const shell::Package& package) {
            return package.name == "ca-certificates" ||
                   (!call.has(Setting::no_extras) && is_listed(package.name, "curl git wget"));
          });
      if (brings) from = std::min(from, effect.span.begin);
    });
  }
  return from;
}

struct SourceFiles {
  std::string_view paths;
  std::string_view signed_by = {};  // the package manager that checks signatures, if it does
};
constexpr SourceFiles source_files[] = {
    {"/etc/apt/sources.list*", "apt"},
    {"/etc/apk/repositories*", "apk"},
    {"/etc/yum.repos.d* /etc/yum.conf /etc/dnf/dnf.conf /etc/tdnf/tdnf.conf /etc/zypp/repos.d*"},
    {"*/pip.conf */uv.toml */.condarc *.npmrc */npmrc *.yarnrc *.yarnrc.yml *.gemrc */gemrc "
     "*/.cargo/config* */composer/config.json"},
};

// Whether the signatures are switched off, or on, for what stands at text[at].
bool is_trusted(std::string_view text, std::size_t at) {
  const std::size_t begin = text.rfind('\n', at) + 1;  // npos + 1 is 0
  const std::string line = lower_case(text.substr(begin, text.find('\n', at) - begin));
  return line.find("trusted=yes") != std::string::npos;
}
bool has_checked_packages(std::string_view text, std::size_t at) {
  const std::size_t heading = text.substr(0, at).rfind("\n[");
  const std::size_t begin = heading == std::string_view::npos ? 0 : heading;
  const std::string_view section = text.substr(begin, text.find("\n[", at) - begin);
  return std::ranges::any_of(settings_in(section, "gpgcheck"), [&](const TextSetting& setting) {
    return says_on(section.substr(setting.value.begin, setting.value.size()));
  });
}

// How often `part`, which is not empty, stands in the text.
std::size_t count_of(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

// Where `url` stands in the text that says what is written; that text where it comes out of a variable.
Span place_of(const Document& document, const WrittenText& text, std::string_view url,
              std::size_t& from) {
  const std::string_view written = document.text(text.source);
  std::size_t at = written.find(url, from);
  // Where it stands there more often, as in `sed s/old/new/`, the text is what stands last.
  const bool is_first = from == 0 && at != std::string_view::npos;
  const std::size_t all = is_first ? count_of(url, written) : 0;
  for (std::size_t more = is_first ? std::min(all, count_of(url, text.text)) : 0; more < all;
       ++more)
    at = written.find(url, at + url.size());
  if (at == std::string_view::npos) return text.place;
  from = at + url.size();
  const auto begin = text.source.begin + static_cast<std::uint32_t>(at);
  return {begin, begin + static_cast<std::uint32_t>(url.size())};
}

void check_text(const Document& document, const WrittenText& text, std::string_view signed_by,
                bool has_authorities, std::set<std::uint32_t>& told, Report& report) {
  std::size_t from = 0;
  for (std::size_t at = text.text.find("http://"); at != std::string::npos;
       at = text.text.find("http://", at + 1)) {
    if (is_commented(text.text, at)) continue;
    const std::size_t begin = text.text.rfind('\n', at) + 1;  // npos + 1 is 0
    if (is_of_proxy(std::string_view(text.text).substr(begin, at - begin))) continue;
    const std::string_view url = url_in(std::string_view(text.text).substr(at));
    const Span place = place_of(document, text, url, from);
    if (!told.insert(place.begin).second) continue;  // one text may go to several files
    std::string_view checks = is_trusted(text.text, at) ? "" : signed_by;
    if (checks.empty() && has_checked_packages(text.text, at)) checks = "the package manager";
    tell(report, document, place, url, checks, has_authorities);
  }
}

void check_files(const Stage& stage, Report& report) {
  std::set<std::uint32_t> told;  // where URLs begin
  for (const SourceFiles& files : source_files) {
    const auto texts = written_texts(report, stage, files.paths);
    const bool is_apt = files.signed_by == "apt" && !texts.empty();
    const std::uint32_t from = is_apt ? authorities_from(stage) : 0;
    for (const WrittenText& text : texts) {
      const bool has_authorities = from <= text.place.begin;
      check_text(stage.document(), text, files.signed_by, has_authorities, told, report);
    }
  }
}

// ---- In variables

void check_variables(const Instruction& instruction, Report& report) {
  if (!may_set_variables(report, instruction)) return;
  for (const std::string_view name :
       {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL", "UV_INDEX",
        "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "NPM_CONFIG_REGISTRY", "npm_config_registry",
        "YARN_REGISTRY", "YARN_NPM_REGISTRY_SERVER", "COREPACK_NPM_REGISTRY", "GOPROXY",
        "RUSTUP_DIST_SERVER", "RUSTUP_UPDATE_ROOT", "CONDA_CHANNEL_ALIAS", "NVM_NODEJS_ORG_MIRROR",
        "ELECTRON_MIRROR"}) {
    for (const VariableSetting& setting : settings_of(report, instruction, name))
      tell(report, instruction.document(), setting.place, url_in(setting.value.text));
  }
}

void check_stage(const Stage& stage, Report& report) {
  check_downloads(stage, report);
  check_files(stage, report);
}

}  // namespace

extern constinit const Rule insecure_http_source{
    .id = "insecure-http-source",
    .title = "Download over a way that anybody can change",
    .category = Category::attack_surface,
    .severity = Severity::warning,
    .aliases = {"sonar:S5332", "dockerfile_lint:no_add_without_https",
                "dockerfile_lint:no_run_without_https"},
    .why = R"(
What comes over `http://`, `ftp://` or `git://` is neither encrypted nor signed: a proxy, a router or a name
server that lies can hand out other bytes, which then are in the image. It needs no attack on the server.

Nearly every host serves `https` today. Where one does not, a checksum that stands in the Dockerfile
(`ADD --checksum=...`, `sha256sum -c`) makes up for it, and the rule is silent. So it is for names without a dot
or below `.internal`, and for private and link-local addresses, which are part of the network the build runs in.

Looked at are what commands and `ADD` fetch, and where package managers fetch from: on their command lines, in
their variables and in their configuration files, as far as the Dockerfile writes these. What `apt`, `apk` and a
repository with `gpgcheck=1` deliver is signed, whatever it comes over; there it is only a hint, for others can
see what is fetched, and hold back what mends a fault.

The fix writes `https`, without the port 80. It is unsafe: this host may not serve it. With another port there is
none, for `https` has a port of its own; nor for the archives of Ubuntu, which serve none, and for sources of `apt`
in front of `ca-certificates`, without which `apt` believes no server.
)",
    .bad = R"(
FROM debian:13-slim
RUN curl -fsSLo /tmp/tool.tar.gz http://example.com/tool.tar.gz
)",
    .good = R"(
FROM debian:13-slim
RUN curl -fsSLo /tmp/tool.tar.gz https://example.com/tool.tar.gz
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#add---checksum"},
    .checks = each<check_stage, check_command, check_variables>,
};

}  // namespace bulkhead::rules
