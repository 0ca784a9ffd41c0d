#include "analysis/rule.h"
#include "analysis/rules/secret_values.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead::rules {
namespace {

// Comments among the lines of an instruction belong to it, but not to what the builder reads.
bool is_comment(const Document& document, const PlacedSecret& secret) {
  const std::string_view text = document.text();
  const std::uint32_t begin = line_begin(text, secret.span.begin);
  return trimmed(text.substr(begin, secret.span.begin - begin)).starts_with('#');
}

void tell_of_comment(const PlacedSecret& secret, Report& report) {
  report.at(secret.span, secret.shown + " stands in a comment, for everybody who gets this file");
}

void check_instruction(const Instruction& instruction, Report& report) {
  for (const PlacedSecret& secret : report.view<SecretValues>(instruction).all()) {
    if (secret.place != SecretPlace::metadata) continue;
    if (is_comment(instruction.document(), secret)) {
      tell_of_comment(secret, report);
    } else {
      report.at(secret.span, secret.shown + " stands in " + std::string(name(instruction.kind())) +
                                 ", which docker inspect shows to everybody who has the image");
    }
  }
}

void check_comments(const Document& document, Report& report) {
  for (const PlacedSecret& secret : report.view<CommentSecrets>(document).all()) {
    if (secret.place == SecretPlace::metadata) tell_of_comment(secret, report);
  }
}

}  // namespace

extern constinit const Rule secret_in_metadata{
    .id = "secret-in-metadata",
    .title = "Secret in metadata of the image, or in a comment",
    .category = Category::sensitive_data,
    .severity = Severity::error,
    .aliases = {"tally:secrets-in-code", "sonar:S6437"},
    .why = R"(
`LABEL`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK` are part of the image's configuration: `docker inspect`
prints them for everybody who can pull the image, registries show them on their pages, and the arguments
of a running program are in every list of processes. A comment does not get into the image, but into the
repository with all its copies; secrets that were commented out while something was tried are as good as
any other.

**Revoke the secret**, for it has been readable. A program gets its secret when the container is started:
from the environment, or better from a file in `/run/secrets` that its command line names. There is no fix,
for taking the value away would leave a command that does not work.

What merely stands for a secret (`changeme`, `$TOKEN`) is none. A login in a URL is reported by the rule on
those.
)",
    .bad = R"(
FROM redis:8
CMD ["redis-server", "--requirepass", "not-a-real-one"]
)",
    .good = R"(
FROM redis:8
CMD ["sh", "-c", "exec redis-server --requirepass \"$(cat /run/secrets/redis)\""]
)",
    .references = {"https://docs.docker.com/build/building/secrets/",
                   "https://docs.docker.com/compose/how-tos/use-secrets/"},
    .checks = each<check_instruction, check_comments>,
};

}  // namespace bulkhead::rules
