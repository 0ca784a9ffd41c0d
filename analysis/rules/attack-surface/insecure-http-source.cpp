#include <fmt/format.h>

#include <string>
#include <string_view>

#include "analysis/model/effects.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"

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

std::string_view host_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const std::size_t user = url.rfind('@');
  if (user != std::string_view::npos) url.remove_prefix(user + 1);
  return url.starts_with('[') ? url.substr(0, url.find(']') + 1) : url.substr(0, url.find(':'));
}

// Nothing goes over a wire, or it stays inside the network of the build.
bool is_near(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "[::1]" || host.empty() ||
         host.starts_with("10.") || host.starts_with("192.168.") ||
         host.find('.') == std::string_view::npos;
}

void check(const Stage& stage, Report& report) {
  stage.effects().each<DownloadEffect>([&](const Effect& effect, const DownloadEffect& download) {
    const std::string scheme = clear_scheme(download.url.text);
    if (scheme.empty() || download.verified) return;
    const std::string_view host = host_of(download.url.text);
    if (is_near(host)) return;
    auto finding = report.at(
        effect.span,
        fmt::format("{}:// to {}: anyone on the network path can replace it", scheme, host));
    // Where the scheme stands there as it is, and not in a variable.
    const std::string_view written = stage.document().text(effect.span);
    const std::size_t at = written.find(scheme + "://");
    if (scheme == "http" && at != std::string_view::npos) {
      const auto end = effect.span.begin + static_cast<std::uint32_t>(at + scheme.size());
      finding.fix(Safety::unsafe, "Use https", replace(Span{end, end}, "s"));
    }
  });
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
and private addresses, which are part of the network the build runs in.

The fix writes `https`. It is unsafe: this host may not serve it.
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
    .checks = each<check>,
};

}  // namespace bulkhead::rules
