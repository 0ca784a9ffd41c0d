#include <algorithm>

#include "analysis/rules/command_options.h"
#include "analysis/rules/written_settings.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view files =
    "/etc/yum.repos.d* /etc/yum.conf /etc/yum/yum.conf /etc/dnf/dnf.conf /etc/tdnf/tdnf.conf "
    "/etc/distro.repos.d* /etc/zypp/repos.d* /etc/zypp/zypp.conf";
constexpr std::string_view consequence = "packages are installed that nobody has signed";

// The list of packages is signed, and it holds their checksums.
bool is_made_up_for(const WrittenSetting& setting, const std::vector<WrittenSetting>& all) {
  return std::ranges::any_of(all, [&](const WrittenSetting& other) {
    return other.name() == "repo_gpgcheck" && says_on(other.value()) &&
           other.path == setting.path &&
           (other.text != setting.text || other.section() == setting.section());
  });
}

void check_files(const Stage& stage, Report& report) {
  const auto all = written_settings(report, stage, files, "gpgcheck pkg_gpgcheck repo_gpgcheck");
  for (const WrittenSetting& setting : all) {
    if (setting.name() == "repo_gpgcheck" || !says_off(setting.value())) continue;
    const bool is_local = setting.section().find("file:") != std::string_view::npos;
    if (is_local || is_made_up_for(setting, all)) continue;
    report_setting(report, setting, consequence, "1");
  }
}

void check_command(const Command& command, Report& report) {
  report_options(command, report,
                 {.programs = "yum dnf dnf5 microdnf tdnf yum-config-manager",
                  .settings = "gpgcheck=0 gpgcheck=false gpgcheck=no pkg_gpgcheck=0 "
                              "pkg_gpgcheck=false pkg_gpgcheck=no *.gpgcheck=0 *.gpgcheck=false "
                              "*.gpgcheck=no *.pkg_gpgcheck=0 *.pkg_gpgcheck=false "
                              "*.pkg_gpgcheck=no"},
                 consequence);
}

}  // namespace

extern constinit const Rule repo_gpgcheck_disabled{
    .id = "repo-gpgcheck-disabled",
    .title = "Repository whose packages are not checked",
    .category = Category::attack_surface,
    .severity = Severity::error,
    .aliases = {"cis:4.11"},
    .why = R"(
With `gpgcheck=0` dnf, yum and zypper install packages from a repository that no key vouches for: whoever sits
on the way, or runs a mirror, decides what becomes part of the image. Packages run scripts as root while they
are installed. In a file the setting outlives the build: it holds for whatever is installed later as well.

Read are the files that the build writes to `/etc/yum.repos.d`, `/etc/dnf/dnf.conf` and their like, what `sed`
changes in them, and `--setopt`. The rule is silent where `repo_gpgcheck=1` makes up for it, for then the list of
packages is signed, with their checksums in it; and for repositories on disk (`file:`). `repo_gpgcheck=0` alone
is what most systems start with, and leaves the signatures of packages in force.

Name the key of the repository: `gpgkey=https://...`.

The fix writes 1, or takes the option away. It is unsafe: the installation fails until the key is named.
)",
    .bad = R"(
FROM fedora:44
COPY <<EOF /etc/yum.repos.d/tool.repo
[tool]
name=Tool
baseurl=https://example.com/rpm
gpgkey=https://example.com/key.asc
gpgcheck=0
EOF
RUN dnf install -y tool
)",
    .good = R"(
FROM fedora:44
COPY <<EOF /etc/yum.repos.d/tool.repo
[tool]
name=Tool
baseurl=https://example.com/rpm
gpgkey=https://example.com/key.asc
gpgcheck=1
EOF
RUN dnf install -y tool
)",
    .references = {"https://dnf.readthedocs.io/en/latest/conf_ref.html",
                   "https://man7.org/linux/man-pages/man5/dnf.conf.5.html"},
    .checks = each<check_files, check_command>,
};

}  // namespace bulkhead::rules
