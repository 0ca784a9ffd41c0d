#include "analysis/shell/commands/downloads.h"

#include <algorithm>
#include <utility>

#include "analysis/text/ascii.h"

namespace bulkhead::shell {
namespace {

using Arguments = std::span<const Argument>;
using Credential = Download::Credential;
using Target = Download::Target;

void set_path(Download& download, Target target, const GivenOption& given) {
  download.target = given.value ? target : Target::unknown;
  download.path = given.value;
  download.path_argument = given.argument;
  download.path_offset = given.offset;
}

void add_urls(Download& download, Arguments arguments, std::span<const std::size_t> operands) {
  for (const std::size_t operand : operands) {
    download.urls.push_back({arguments[operand], operand, 0});
  }
}

void add_credential(Download& download, Credential::Kind kind, const GivenOption& given) {
  download.credentials.push_back({kind, given.value, given.argument, given.offset});
}

// Whether a header says who one is: Authorization, Cookie, Private-Token, X-Api-Key, ...
bool is_credential(std::string_view header) {
  const std::string name = lower_case(header.substr(0, header.find(':')));
  constexpr std::string_view parts[] = {"authorization", "token",    "key", "cookie",
                                        "secret",        "password", "auth"};
  return std::ranges::any_of(parts,
                             [&](auto part) { return name.find(part) != std::string::npos; });
}

void add_header(Download& download, const GivenOption& given) {
  if (!given.value || is_credential(*given.value))
    add_credential(download, Credential::Kind::header, given);
}

// ---- curl(1)

constexpr Option curl_rows[] = {
    {"output", 'o', true}, {"remote-name", 'O'},
    {"remote-name-all"},   {"output-dir", 0, true},
    {"insecure", 'k'},     {"proxy-insecure"},
    {"fail", 'f'},         {"fail-with-body"},
    {"fail-early"},        {"location", 'L'},
    {"location-trusted"},  {"retry", 0, true},
    {"proto", 0, true},    {"proto-redir", 0, true},
    {"url", 0, true},      {"header", 'H', true},
    {"user", 'u', true},   {"proxy-user", 'U', true},
    {"cookie", 'b', true}, {"oauth2-bearer", 0, true},
    {"head", 'I'},         {"version", 'V'},
    {"help", 'h'},         {"remote-header-name", 'J'},
};
constexpr std::string_view curl_flags =
    "-: 0/http1.0 1/tlsv1 2/sslv2 3/sslv3 4/ipv4 6/ipv6 a/append anyauth basic B/use-ascii "
    "cert-status compressed compressed-ssh create-dirs crlf digest disable-eprt disable-epsv "
    "q/disable false-start ftp-create-dirs ftp-pasv ftp-skip-pasv-ip ftp-ssl-control G/get "
    "g/globoff "
    "haproxy-protocol http0.9 http1.1 http2 http2-prior-knowledge http3 i/include i/show-headers "
    "j/junk-session-cookies l/list-only metalink n/netrc netrc-optional negotiate N/no-buffer "
    "no-keepalive no-progress-meter no-sessionid ntlm p/proxytunnel parallel parallel-immediate "
    "path-as-is post301 post302 post303 progress-bar proxy-anyauth proxy-basic raw R/remote-time "
    "remove-on-error retry-all-errors retry-connrefused sasl-ir show-error S/show-error s/silent "
    "skip-existing socks5-basic ssl ssl-reqd ssl-no-revoke ssl-revoke-best-effort "
    "suppress-connect-headers "
    "tcp-fastopen tcp-nodelay tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-time v/verbose "
    "xattr Z/parallel -#";
constexpr std::string_view curl_valued =
    "A/user-agent c/cookie-jar C/continue-at d/data data-ascii data-binary data-raw data-urlencode "
    "json "
    "D/dump-header e/referer E/cert F/form form-string K/config m/max-time P/ftp-port Q/quote "
    "r/range "
    "t/telnet-option T/upload-file w/write-out x/proxy X/request y/speed-time Y/speed-limit "
    "z/time-cond "
    "abstract-unix-socket alt-svc aws-sigv4 cacert capath cert-type ciphers connect-timeout "
    "connect-to "
    "create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr "
    "dns-servers "
    "doh-url ech egd-file engine etag-compare etag-save expect100-timeout ftp-account "
    "ftp-alternative-to-user ftp-method ftp-ssl-ccc-mode happy-eyeballs-timeout-ms hostpubmd5 "
    "hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type "
    "krb "
    "libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize "
    "max-redirs "
    "netrc-file noproxy parallel-max pass pinnedpubkey preproxy proto-default proxy-cacert "
    "proxy-capath "
    "proxy-cert proxy-ciphers proxy-header proxy-key proxy-pass proxy-service-name proxy1.0 pubkey "
    "random-file rate request-target resolve retry-delay retry-max-time sasl-authzid service-name "
    "socks4 "
    "socks4a socks5 socks5-hostname speed-limit speed-time stderr tftp-blksize tls-max "
    "tls13-ciphers "
    "tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket url-query variable "
    "vlan-priority";

bool is_https_only(const Argument& protocols) {
  return protocols == "=https" || protocols == "-all,https" || protocols == "-all,+https";
}

std::optional<Download> of_curl(Arguments arguments) {
  static const std::vector<Option> known = all_options(curl_rows, curl_flags, curl_valued);
  const CommandLine line = read_options(arguments, known);
  Download download;
  add_urls(download, arguments, line.operands);
  for (const GivenOption& given : line.options) {
    if (given.name == "url") {
      download.urls.push_back({given.value, given.argument, given.offset});
    } else if (given.name == "output") {
      set_path(download, Target::file, given);
      if (given.value == "-") {
        download.target = Target::output;
        download.path.reset();
      }
    } else if (given.name.starts_with("remote-name")) {
      if (download.target == Target::output) download.target = Target::by_name;
    } else if (given.name == "insecure") {
      download.unverified = true;
      download.unverified_by = given.argument;
    } else if (given.name.starts_with("fail")) {
      download.fails = true;
    } else if (given.name.starts_with("location")) {
      download.follows = true;
    } else if (given.name == "retry") {
      download.retries = true;
    } else if (given.name == "proto") {
      download.protocols_by = given.argument;
    } else if (given.name == "header") {
      add_header(download, given);
    } else if (given.name == "user") {
      add_credential(download, Credential::Kind::user, given);
    } else if (given.name == "oauth2-bearer") {
      add_credential(download, Credential::Kind::header, given);
    } else if (given.name == "cookie") {
      add_credential(download, Credential::Kind::cookie, given);
    } else if (given.name == "proxy-user") {
      add_credential(download, Credential::Kind::proxy_user, given);
    }
  }
  // The last one of each counts, and redirections have to keep to both.
  download.https_only =
      is_https_only(line.value("proto")) || is_https_only(line.value("proto-redir"));
  const GivenOption* folder = line.find("output-dir");
  if (folder != nullptr && download.target == Target::by_name) {
    set_path(download, Target::by_name, *folder);
  } else if (folder != nullptr && download.target == Target::file && folder->value &&
             !download.path->starts_with('/')) {
    download.path = *folder->value + "/" + *download.path;
  }
  return download.urls.empty() ? std::nullopt : std::optional(std::move(download));
}

// ---- wget(1), that of GNU and that of busybox

constexpr Option wget_rows[] = {
    {"output-document", 'O', true},
    {"directory-prefix", 'P', true},
    {"no-check-certificate"},
    {"tries", 't', true},
    {"header", 0, true},
    {"user", 0, true},
    {"password", 0, true},
    {"http-user", 0, true},
    {"http-password", 0, true},
    {"proxy-password", 0, true},
    {"https-only"},
    {"spider"},
    {"version", 'V'},
    {"help", 'h'},
    {"input-file", 'i', true},
    {"check-certificate", 0, true},
};
constexpr std::string_view wget_flags =
    "4/inet4-only 6/inet6-only b/background c/continue d/debug E/adjust-extension F/force-html "
    "H/span-hosts k/convert-links K/backup-converted L/relative m/mirror N/timestamping "
    "n/no "
    "p/page-requisites q/quiet r/recursive S/server-response v/verbose x/force-directories "
    "no-verbose "
    "no-clobber no-parent no-directories no-host-directories content-disposition no-cookies "
    "no-cache "
    "no-proxy no-dns-cache no-hsts no-netrc no-config passive-ftp no-passive-ftp show-progress "
    "retry-connrefused retry-on-host-error trust-server-names auth-no-challenge delete-after "
    "save-cookies-session keep-session-cookies ignore-case ignore-length unlink "
    "use-server-timestamps "
    "no-use-server-timestamps random-wait report-speed warc-cdx";
constexpr std::string_view wget_valued =
    "a/append-output A/accept B/base cut-dirs D/domains e/execute I/include-directories l/level "
    "o/output-file Q/quota R/reject T/timeout U/user-agent w/wait X/exclude-directories "
    "accept-regex "
    "reject-regex ca-certificate ca-directory certificate certificate-type ciphers connect-timeout "
    "read-timeout dns-timeout crl-file default-page exclude-domains follow-tags ignore-tags "
    "limit-rate "
    "load-cookies save-cookies local-encoding remote-encoding max-redirect method body-data "
    "body-file "
    "post-data post-file prefer-family private-key private-key-type progress proxy proxy-user "
    "referer "
    "regex-type retry-on-http-error secure-protocol start-pos waitretry bind-address config "
    "egd-file "
    "random-file pinnedpubkey restrict-file-names ftp-user ftp-password compression hsts-file "
    "rejected-log use-askpass warc-file warc-header";

std::optional<Download> of_wget(Arguments arguments) {
  static const std::vector<Option> known = all_options(wget_rows, wget_flags, wget_valued);
  const CommandLine line = read_options(arguments, known);
  Download download;
  download.target = Target::by_name;
  download.path = "";
  download.fails = download.follows = true;
  download.retries = true;  // 20 times if nothing is said
  add_urls(download, arguments, line.operands);
  if (line.has("input-file")) download.urls.push_back({{}, line.find("input-file")->argument, 0});
  if (line.has("spider") || download.urls.empty()) return std::nullopt;
  if (const GivenOption* folder = line.find("directory-prefix"))
    set_path(download, Target::by_name, *folder);
  if (const GivenOption* file = line.find("output-document")) {
    set_path(download, Target::file, *file);
    if (file->value == "-") {
      download.target = Target::output;
      download.path.reset();
    }
  }
  const GivenOption* check = line.find("check-certificate");
  if (check != nullptr && check->value != "off" && check->value != "quiet") check = nullptr;
  if (const GivenOption* off = line.find("no-check-certificate")) check = off;
  download.unverified = check != nullptr;
  if (check != nullptr) download.unverified_by = check->argument;
  download.retries = line.value("tries") != "1";
  download.https_only = line.has("https-only");
  for (const GivenOption& given : line.options) {
    if (given.name == "header") add_header(download, given);
    if (given.name == "password" || given.name == "http-password")
      add_credential(download, Credential::Kind::user, given);
    if (given.name == "proxy-password")
      add_credential(download, Credential::Kind::proxy_user, given);
  }
  return download;
}

// ---- aria2c(1)

std::optional<Download> of_aria2(Arguments arguments) {
  constexpr Option rows[] = {{"out", 'o', true},       {"dir", 'd', true},
                             {"checksum", 0, true},    {"check-certificate", 0, true},
                             {"header", 0, true},      {"http-passwd", 0, true},
                             {"max-tries", 'm', true}, {"input-file", 'i', true}};
  static const std::vector<Option> known =
      all_options(rows, "q/quiet c/continue V/check-integrity",
                  "x/max-connection-per-server s/split k/min-split-size j/max-concurrent-downloads "
                  "t/timeout U/user-agent l/log http-user retry-wait connect-timeout all-proxy "
                  "console-log-level summary-interval file-allocation allow-overwrite "
                  "auto-file-renaming download-result");
  const CommandLine line = read_options(arguments, known);
  Download download;
  download.target = Target::by_name;
  download.path = "";
  download.fails = download.follows = download.retries = true;
  add_urls(download, arguments, line.operands);
  if (download.urls.empty()) return std::nullopt;
  const GivenOption* folder = line.find("dir");
  if (folder != nullptr) set_path(download, Target::by_name, *folder);
  if (const GivenOption* file = line.find("out")) {
    set_path(download, Target::file, *file);
    if (folder != nullptr && folder->value && file->value && !file->value->starts_with('/'))
      download.path = *folder->value + "/" + *file->value;
  }
  if (const GivenOption* check = line.find("check-certificate");
      check != nullptr && check->value == "false") {
    download.unverified = true;
    download.unverified_by = check->argument;
  }
  download.has_checksum = line.has("checksum");
  for (const GivenOption& given : line.options) {
    if (given.name == "header") add_header(download, given);
    if (given.name == "http-passwd") add_credential(download, Credential::Kind::user, given);
  }
  return download;
}

// ---- git(1)

// `KEY=VALUE` of git -c.
bool turns_tls_off(std::string_view setting) {
  const std::string text = lower_case(setting);
  return text.starts_with("http.") &&
         (text.ends_with("sslverify=false") || text.ends_with("sslverify=0") ||
          text.ends_with("sslverify=no") || text.ends_with("sslverify=off"));
}

std::optional<Download> of_git(Arguments arguments) {
  Download download;
  download.target = Target::folder;
  download.path = "";
  download.fails = download.follows = true;

  constexpr Option globals[] = {{"config", 'c', true}, {"directory", 'C', true}};
  const std::size_t at =
      first_operand(arguments, "cC", "git-dir work-tree namespace exec-path config-env");
  const auto check_config = [&](const GivenOption& given) {
    if (given.value && turns_tls_off(*given.value)) {
      download.unverified = true;
      download.unverified_by = given.argument;
    }
    const bool is_header =
        given.value && lower_case(*given.value).find("extraheader=") != std::string::npos;
    if (is_header) add_credential(download, Credential::Kind::header, given);
  };
  for (const GivenOption& given : read_options(arguments.first(at), globals).options) {
    if (given.name == "config") check_config(given);
    if (given.name == "directory") download.path = given.value;
  }
  if (at == arguments.size() || !arguments[at]) return std::nullopt;
  const std::string_view subcommand = *arguments[at];

  constexpr Option rows[] = {{"branch", 'b', true}, {"config", 'c', true}, {"revision", 0, true}};
  static const std::vector<Option> known = all_options(
      rows,
      "l/local no-hardlinks s/shared dissociate v/verbose q/quiet progress n/no-checkout "
      "reject-shallow "
      "bare mirror single-branch no-single-branch tags no-tags t/tags p/prune f/force a/all init "
      "recursive recurse-submodules remote-submodules shallow-submodules no-shallow-submodules "
      "sparse "
      "unshallow ff-only rebase no-rebase keep k/keep update-head-ok u/update-head-ok merge "
      "checkout "
      "also-filter-submodules deepen-shallow atomic",
      "o/origin u/upload-pack depth deepen shallow-since shallow-exclude reference "
      "reference-if-able separate-git-dir j/jobs template server-option filter bundle-uri refmap "
      "X/strategy-option s/strategy");
  CommandLine line = read_options(arguments.subspan(at + 1), known);
  for (GivenOption& given : line.options) given.argument += at + 1;
  for (std::size_t& operand : line.operands) operand += at + 1;
  for (const GivenOption& given : line.options) {
    if (given.name == "config") check_config(given);
  }
  if (subcommand == "clone") {
    if (line.operands.empty()) return std::nullopt;
    add_urls(download, arguments, std::span(line.operands).first(1));
    const Argument base = std::exchange(download.path, "");
    if (line.operands.size() > 1) {
      const std::size_t folder = line.operands[1];
      set_path(download, Target::folder, {"", arguments[folder], folder, 0});
    }
    if (!base) download.target = Target::unknown;
    if (base && !base->empty() && download.path && !download.path->starts_with('/')) {
      download.path = *base + "/" + *download.path;
    }
    const GivenOption* revision = line.find("branch");
    if (const GivenOption* commit = line.find("revision")) revision = commit;
    if (revision != nullptr) download.revision = revision->value;
    return download;
  }
  if (subcommand == "fetch" || subcommand == "pull" || subcommand == "ls-remote") {
    if (subcommand == "ls-remote") download.target = Target::output;
    if (!line.operands.empty()) {
      // The name of a remote says nothing of where it is.
      const std::size_t remote = line.operands[0];
      const Argument& text = arguments[remote];
      const bool is_url = !text || text->find_first_of(":/") != std::string::npos;
      download.urls.push_back({is_url ? text : std::nullopt, remote, 0});
      if (line.operands.size() > 1) download.revision = arguments[line.operands[1]];
    }
    return download;
  }
  const bool is_update =
      subcommand == "submodule" && !line.operands.empty() &&
      (arguments[line.operands[0]] == "update" || arguments[line.operands[0]] == "add");
  return is_update ? std::optional(std::move(download)) : std::nullopt;
}

using Reader = std::optional<Download> (*)(Arguments arguments);

// Null for a program that fetches nothing.
Reader reader_of(std::string_view program) {
  if (program == "curl") return of_curl;
  if (program == "wget" || program == "wget2") return of_wget;
  if (program == "aria2c") return of_aria2;
  if (program == "git") return of_git;
  return nullptr;
}

}  // namespace

bool downloads(std::string_view program) {
  return reader_of(program) != nullptr;
}

std::optional<Download> download(std::string_view program, std::span<const Argument> arguments) {
  const Reader read = reader_of(program);
  return read ? read(arguments) : std::nullopt;
}

namespace {

constexpr std::string_view sums =
    "sha256sum sha512sum sha384sum sha224sum sha1sum md5sum b2sum b3sum shasum cksum gsha256sum";

}  // namespace

bool digests(std::string_view program, std::span<const Argument> arguments) {
  if (is_listed(program, sums)) return !verifies(program, arguments);
  return program == "openssl" && !arguments.empty() && arguments.front() &&
         is_listed(*arguments.front(), "dgst sha1 sha224 sha256 sha384 sha512 md5");
}

std::optional<Verification> verifies(std::string_view program,
                                     std::span<const Argument> arguments) {
  using Kind = Verification::Kind;
  const auto has = [&](auto... words) {
    return std::ranges::any_of(arguments, [&](const Argument& argument) {
      return argument && ((*argument == words) || ...);
    });
  };
  // "-sc"
  const auto has_letter = [&](char letter) {
    return std::ranges::any_of(arguments, [&](const Argument& argument) {
      return argument && argument->size() > 1 && argument->starts_with('-') &&
             !argument->starts_with("--") && argument->find(letter, 1) != std::string::npos;
    });
  };
  if (is_listed(program, sums)) {
    if (!has("--check") && !has_letter('c')) return std::nullopt;
    return Verification{Kind::checksum};
  }
  const bool is_gpg = is_listed(program, "gpg gpg1 gpg2 gpgv gpgv1 gpgv2");
  if (is_gpg && (program.starts_with("gpgv") || has("--verify", "--verify-files")))
    return Verification{Kind::signature};
  if (program == "cosign" &&
      has("verify", "verify-blob", "verify-attestation", "verify-blob-attestation")) {
    return Verification{Kind::signature};
  }
  if (program == "minisign" && has_letter('V')) return Verification{Kind::signature};
  if (program == "signify" && has_letter('V')) return Verification{Kind::signature};
  if (program == "openssl" && has("-verify")) return Verification{Kind::signature};
  if (program == "gh" && has("attestation") && has("verify")) return Verification{Kind::signature};
  if (program == "slsa-verifier" && !arguments.empty()) return Verification{Kind::signature};
  if ((program == "rpm" || program == "rpmkeys") && has("-K", "--checksig"))
    return Verification{Kind::signature};
  if (program == "git" && has("verify-tag", "verify-commit")) return Verification{Kind::signature};
  return std::nullopt;
}

}  // namespace bulkhead::shell
