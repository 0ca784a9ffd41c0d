#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/facts/images.h"
#include "analysis/model/accounts.h"
#include "analysis/model/process.h"
#include "analysis/model/runtime_paths.h"
#include "analysis/rule.h"
#include "analysis/rules/stage_accounts.h"

namespace bulkhead::rules {
namespace {

std::string message(const RuntimePath& path, const std::string& user) {
  if (!path.volume) {
    return fmt::format("{} writes {} while it runs, and {}, who runs it, may not", path.server,
                       path.path, user);
  }
  return fmt::format("{}, who runs the process, may not write to the volume {}: {}", user,
                     path.path,
                     path.exists ? "it belongs to root" : "nothing makes it, so that root gets it");
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped()) return;
  const std::string user(without_group(account_of_process(stage)));
  const auto start = process_of(stage).start();
  if (user.empty() || user.find(' ') != std::string::npos) return;
  // Of an account that does not exist a rule of its own speaks; nothing could be given to it.
  const bool is_number = user.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number && !report.view<StageAccounts>(stage).first_available(user)) return;
  std::vector<RuntimePath> paths = runtime_paths(stage);
  std::erase_if(
      paths, [](const RuntimePath& path) { return path.access != RuntimePath::Access::root_only; });
  if (paths.empty()) return;
  const auto place = [&](const RuntimePath& path) {
    if (path.volume) return path.volume->span();
    return start ? start->keyword().span() : stage.from().span();
  };
  auto finding = report.at(place(paths.front()), message(paths.front(), user));
  for (std::size_t i = 1; i < paths.size(); ++i)
    finding.related(place(paths[i]), message(paths[i], user));
  // The folder would have to come from another stage; what runs such an image mostly mounts its own.
  const auto base = base_of(stage);
  if (base && facts::has_shell(base->name, base->tag) == false) finding.severity(Severity::info);
  const EffectiveUser set = stage.user();
  if (!set.set_by) return;
  finding.related(set.set_by->words().front(), "the user is set here");
  if (const auto edit = give_before(*set.set_by, paths))
    finding.fix(Safety::unsafe, "Give it to " + user, *edit);
}

}  // namespace

extern constinit const Rule unwritable_runtime_path{
    .id = "unwritable-runtime-path",
    .title = "A path that the process writes belongs to root",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {"tally:ruby/state-paths-not-writable-as-non-root"},
    .why = R"(
A new volume gets the owner that its folder has in the image; where there is no such folder, root. A process that
runs as somebody else then cannot write its own data, and the quick way out is often to leave the `USER` out, or
`chmod 777`. The same goes for the file with the process's number, the logs and the cache of a server such as
`nginx`, which expects to be started by root.

Looked at are the paths of `VOLUME` and those of servers that are known, where the process does not run as root. The
rule is silent where the path is given away by `chown`, `install -o`, `COPY --chown` or a mode that lets others
write; where the base image, a package or a command that is not known may have made it; and for servers where a
configuration of the Dockerfile's own may say otherwise. A volume that is only read is no fault: ignore the rule there.

The fix makes the folder and gives it to that user, in front of `USER`. It is unsafe, for the user may have no need
to write there. There is none where the base image sets the user, nor where it has no shell: copy an empty folder
with `--chown` from another stage there. It is an `info` then.
)",
    .bad = R"(
FROM debian:13
RUN useradd --system app
COPY server /usr/local/bin/
VOLUME /data
USER app
CMD ["server", "--data", "/data"]
)",
    .good = R"(
FROM debian:13
RUN useradd --system app
COPY server /usr/local/bin/
VOLUME /data
RUN mkdir -p /data && chown -R app /data
USER app
CMD ["server", "--data", "/data"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#volume",
                   "https://docs.docker.com/engine/storage/volumes/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
