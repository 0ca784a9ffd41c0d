#include <algorithm>
#include <array>

#include "analysis/facts/files.h"
#include "analysis/rule.h"
#include "analysis/rules/context_copies.h"
#include "analysis/text/path.h"
#include "analysis/text/spelling.h"

namespace bulkhead::rules {
namespace {

using Entry = BuildContext::Entry;

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_there(const BuildContext& context, std::string_view path) {
  return std::ranges::binary_search(context.entries, path, {}, &Entry::path);
}

// What is commonly put there before the build, and not kept with the sources: results of another build,
// packages, secrets.
bool may_come_later(std::string_view path) {
  constexpr std::array made = {".jar", ".war", ".ear",  ".tar",  ".tgz",   ".gz",  ".xz",
                               ".bz2", ".zip", ".whl",  ".deb",  ".rpm",   ".apk", ".exe",
                               ".dll", ".so",  ".bin",  ".wasm", ".crt",   ".pem", ".cer",
                               ".css", ".map", ".onnx", ".pt",   ".txt.gz"};
  if (name_of(path).find('.') == std::string_view::npos) return true;
  if (std::ranges::any_of(made, [&](std::string_view end) { return path.ends_with(end); }))
    return true;
  for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
    const facts::SensitiveFile* file = facts::sensitive_file(path.substr(0, end));
    if (file && file->kind != facts::FileKind::docker && file->kind != facts::FileKind::ci)
      return true;
    if (end == std::string_view::npos) return false;
  }
}

// What lies in the same folder, is not copied itself, and is called almost like it.
std::optional<std::string_view> alike(const BuildContext& context, const ContextCopies& copies,
                                      std::string_view path) {
  const std::string_view folder = folder_of(path);
  const std::string_view name = name_of(path);
  std::optional<std::string_view> best;
  std::size_t least = std::min<std::size_t>(name.size() / 4, 2) + 1;
  auto entry = std::ranges::lower_bound(context.entries, folder, {}, &Entry::path);
  for (; entry != context.entries.end() && entry->path.starts_with(folder); ++entry) {
    const std::string_view other = std::string_view(entry->path).substr(folder.size());
    if (other.find('/') != std::string_view::npos || copies.names(entry->path)) continue;
    const std::size_t distance = spelling_distance(name, other, least);
    if (distance >= least) continue;
    least = distance;
    best = other;
  }
  return best;
}

// Whether a folder of the context has it, and may be what the file is built with.
bool lies_deeper(const BuildContext& context, std::string_view path) {
  const std::string end = "/" + std::string(path);
  return std::ranges::any_of(context.entries,
                             [&](const Entry& entry) { return entry.path.ends_with(end); });
}

// Whether it is told from a folder above the context, of which the builder leaves the way up out.
bool leads_up(const NamedCopy& copy) {
  return clean_path(copy.source.value().text).starts_with("../");
}

// Whether a compose file says that the folder is the context.
bool is_told(const Context& context) {
  return std::ranges::find(context.built_by, context.build->root, &BuildingService::context) !=
         context.built_by.end();
}

void check(const Document& document, Report& report) {
  const auto& context = report.context().build;
  if (!context || context->truncated) return;
  const auto& copies = report.view<ContextCopies>(document);
  std::size_t present = 0;
  std::vector<const NamedCopy*> missing;
  for (const NamedCopy& copy : copies.named()) {
    if (copy.is_glob || copy.instruction.is_trigger()) continue;
    if (is_there(*context, copy.path)) {
      ++present;
    } else {
      missing.push_back(&copy);
    }
  }
  // Where most of it is missing, another folder must be the context; but hardly one above a repository. A folder
  // that only what is there speaks for has to have more.
  const bool is_own = context->root.empty();
  const bool is_repository = is_own && is_there(*context, ".git");
  if ((is_own ? 1 : 3) * missing.size() > present && !is_repository) {
    if (!is_told(report.context())) return;
    // The folder is the right one; what else is missing may be made there.
    std::erase_if(missing, [](const NamedCopy* copy) { return !leads_up(*copy); });
  }
  const DockerIgnore ignore(context->ignore_file ? context->ignore_file->text : std::string_view());
  for (const NamedCopy* copy : missing) {
    if (ignore.ignores(copy->path)) continue;
    if (missing.size() > present && lies_deeper(*context, copy->path)) return;
    if (std::ranges::find(context->ignored_by_git, copy->path) != context->ignored_by_git.end())
      continue;
    const auto near = alike(*context, copies, copy->path);
    const bool is_above = leads_up(*copy);
    if (!near && !is_above && may_come_later(copy->path)) continue;
    std::string message = "The build fails here: the build context has no ";
    message += copy->path;
    if (is_above) message += ", and " + copy->source.value().text + " does not lead out of it";
    if (near)
      message += "; " + std::string(folder_of(copy->path)) + std::string(*near) + " is there";
    auto finding = report.at(copy->source, std::move(message));
    const std::string written = copy->source.value().text;
    if (!near || written != copy->source.text() || written.ends_with('/')) continue;
    finding.fix(Safety::unsafe, "Copy " + std::string(*near),
                replace(copy->source, std::string(folder_of(written)) + std::string(*near)));
  }
}

}  // namespace

extern constinit const Rule copy_missing_source{
    .id = "copy-missing-source",
    .title = "A copied file is not in the build context",
    .category = Category::correctness,
    .severity = Severity::warning,
    .aliases = {"dockerfilelint:add_src_invalid"},
    .why = R"(
A source that does not exist ends the build: `"/requirement.txt": not found`. Paths are told from the root of
the build context, wherever the Dockerfile stands, and case counts, also where the file system of a
developer's machine does not care.

The rule speaks where the whole context could be listed, and where at least half of what the Dockerfile
copies by name is there, or the Dockerfile stands in the root of a repository: else another folder is the
context. Where that is not the Dockerfile's own folder, three quarters have to be there. Patterns may match
nothing and are left alone, and so is what Git ignores. So is what is commonly made or put there before the
build and not kept with the sources, such as `target/app.jar`, `dist/`, certificates, programs without an
extension, and `.env`, unless something in the same folder is called almost like it. A source that begins with `../`
is no such thing: the builder takes that away, and looks in the context.

Where that is the case, the fix takes its name. It is unsafe: perhaps the other file was meant after all, and
is the one that is missing.
)",
    .bad = R"(
FROM python:3.14-slim
WORKDIR /app
COPY requirement.txt app.py ./
RUN pip install -r requirements.txt
-- app.py --
-- requirements.txt --
)",
    .good = R"(
FROM python:3.14-slim
WORKDIR /app
COPY requirements.txt app.py ./
RUN pip install -r requirements.txt
-- app.py --
-- requirements.txt --
)",
    .references = {"https://docs.docker.com/build/concepts/context/"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
