#include "analysis/shell/commands/keys.h"

#include <algorithm>
#include <array>

namespace bulkhead::shell {
namespace {

using Arguments = std::span<const Argument>;

bool has(Arguments arguments, const WordList& words) {
  return std::ranges::any_of(
      arguments, [&](const Argument& argument) { return argument && is_listed(*argument, words); });
}

// The argument behind the last of one of these options.
std::optional<std::size_t> value_of(Arguments arguments, const WordList& options) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] && is_listed(*arguments[i], options)) found = i + 1;
  }
  return found;
}

std::optional<KeyGeneration> of_ssh_keygen(Arguments arguments) {
  if (has(arguments, "-A")) return KeyGeneration{.path = "/etc/ssh/ssh_host_rsa_key"};
  // These look at keys, or sign with one.
  if (has(arguments, "-y -e -i -l -R -F -H -r -B -D -K -G -M -T -p -c -s -L -Q -k -Y"))
    return std::nullopt;
  return KeyGeneration{.argument = value_of(arguments, "-f")};
}

std::optional<KeyGeneration> of_openssl(Arguments arguments) {
  if (arguments.empty() || !arguments[0]) return std::nullopt;
  const std::string_view command = *arguments[0];
  const bool makes = is_listed(command, "genrsa gendsa genpkey");
  if (makes && !has(arguments, "-genparam"))
    return KeyGeneration{.argument = value_of(arguments, "-out")};
  if (is_listed(command, "ecparam dsaparam") && has(arguments, "-genkey"))
    return KeyGeneration{.argument = value_of(arguments, "-out")};
  const bool is_new =
      has(arguments, "-newkey") || (has(arguments, "-new -x509") && !has(arguments, "-key"));
  if (command == "req" && is_new) return KeyGeneration{.argument = value_of(arguments, "-keyout")};
  return std::nullopt;
}

// Programs that make a key when one of some words is among their arguments.
struct Program {
  std::string_view name;
  WordList when;    // between blanks; empty: always
  WordList option;  // with the path behind it; may be empty
  std::string_view path = {};
};
constexpr std::array programs = {
    Program{"dropbearkey", "-t", "-f"},
    Program{"keytool", "-genkey -genkeypair -genseckey", "-keystore"},
    Program{"certtool", "--generate-privkey -p", "--outfile"},
    Program{"mkcert", "", "-key-file"},
    Program{"easyrsa", "build-ca build-server-full build-client-full gen-req", ""},
    Program{"wg", "genkey", ""},
    Program{"gpg",
            "--gen-key --generate-key --full-generate-key --full-gen-key --quick-gen-key "
            "--quick-generate-key",
            ""},
    Program{"gpg2",
            "--gen-key --generate-key --full-generate-key --full-gen-key --quick-gen-key "
            "--quick-generate-key",
            ""},
    Program{"age-keygen", "", "-o"},
    Program{"puttygen", "-t", "-o"},
    Program{"cfssl", "gencert genkey selfsign", ""},
    Program{"make-ssl-cert", "generate-default-snakeoil", "",
            "/etc/ssl/private/ssl-cert-snakeoil.key"},
};

}  // namespace

std::optional<KeyGeneration> generates_key(std::string_view program, Arguments arguments) {
  if (program == "ssh-keygen") return of_ssh_keygen(arguments);
  if (program == "openssl") return of_openssl(arguments);
  const auto* found = std::ranges::find(programs, program, &Program::name);
  if (found == programs.end() || has(arguments, "-h --help --version -CAROOT")) return std::nullopt;
  if (!found->when.empty() && !has(arguments, found->when)) return std::nullopt;
  return KeyGeneration{value_of(arguments, found->option), found->path};
}

}  // namespace bulkhead::shell
