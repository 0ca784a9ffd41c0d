#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/dockerignore.h"
#include "analysis/facts/files.h"
#include "analysis/model/rewrite.h"
#include "analysis/refactorings/refactorings.h"
#include "analysis/rules/context_copies.h"
#include "analysis/rules/context_leaks.h"
#include "analysis/rules/secret_files.h"

namespace bulkhead {
namespace {

using Entry = BuildContext::Entry;

// A longer list is no easier to review than a `.`.
constexpr std::size_t most_names = 40;
constexpr std::size_t widest_line = 100;

// Stands as a word for itself.
bool is_plain(std::string_view name) {
  return name.find_first_of(" \t\"'`$\\*?[]<>,") == std::string_view::npos &&
         !name.starts_with('-');
}

// What describes the image or the repository is of no use in the image.
bool is_of_the_project(std::string_view name) {
  const facts::SensitiveFile* file = facts::sensitive_file(name);
  return file && (file->kind == facts::FileKind::docker || file->kind == facts::FileKind::vcs);
}

struct Names {
  std::vector<std::string> files;
  std::vector<std::string> folders;  // that anything is sent of
};

// What lies in the root and is sent, without `leaks`. None where a name cannot stand in a list or would be a
// finding there, and of too many.
std::optional<Names> names_of(const BuildContext& context, const DockerIgnore& ignore,
                              const std::vector<rules::Leak>& leaks) {
  Names names;
  for (const Entry& entry : context.entries) {
    const std::string top = entry.path.substr(0, entry.path.find('/'));
    const bool is_leak = std::ranges::any_of(leaks, [&](const rules::Leak& leak) {
      return leak.path == top || leak.path == entry.path;
    });
    if (entry.folder || is_leak || is_of_the_project(top) || ignore.ignores(entry.path)) continue;
    std::vector<std::string>& list = top == entry.path ? names.files : names.folders;
    if (!list.empty() && list.back() == top) continue;
    if (!is_plain(top) || (top == entry.path && rules::secret_file_at(top))) return std::nullopt;
    list.push_back(top);
    if (names.files.size() + names.folders.size() > most_names) return std::nullopt;
  }
  // "a-b" comes between "a" and "a/c".
  std::ranges::sort(names.folders);
  const auto [first, last] = std::ranges::unique(names.folders);
  names.folders.erase(first, last);
  return names;
}

// One instruction, in several lines where it is long.
std::string wrapped(const std::string& head, const std::vector<std::string>& words,
                    const Document& document) {
  const std::string next =
      std::string(" ") + document.escape() + std::string(document.line_end()) + std::string(4, ' ');
  std::string text = head;
  std::size_t width = head.size();
  for (const std::string& word : words) {
    if (width + 1 + word.size() > widest_line) {
      text += next;
      width = 4;
    } else {
      text += ' ';
      width += 1;
    }
    text += word;
    width += word.size();
  }
  return text;
}

}  // namespace

std::optional<Refactoring> list_copied(const Document& document, const Instruction& copy,
                                       const Context& context) {
  const auto& build = context.build;
  const auto words = copy.words();
  if (!build || build->truncated || copy.kind() != Keyword::copy || copy.is_trigger() ||
      copy.is_json() || words.size() != 2 || words[0].text().find('*') != std::string_view::npos ||
      copy.flag("parents")) {
    return std::nullopt;
  }
  const rules::ContextCopies copies(document);
  const DockerIgnore ignore((build->ignore_file ? build->ignore_file->text : std::string()) + "\n" +
                            rules::excludes(copy));
  const auto names = names_of(*build, ignore, rules::leaks(*build, ignore, {&copies}));
  if (!names || (names->files.empty() && names->folders.empty())) return std::nullopt;

  std::string head(copy.keyword().text());
  for (const Flag& flag : copy.flags()) head += " " + std::string(flag.whole().text());
  std::string into(words[1].text());
  if (!is_plain(into) && into.find('$') == std::string::npos) return std::nullopt;
  if (!into.ends_with('/')) into += '/';
  std::string text;
  const auto add = [&](std::vector<std::string> line) {
    if (!text.empty()) text += document.line_end();
    text += wrapped(head, line, document);
  };
  if (!names->files.empty()) {
    std::vector<std::string> line = names->files;
    line.push_back(into);
    add(std::move(line));
  }
  for (const std::string& folder : names->folders) add({folder + "/", into + folder + "/"});
  return Refactoring{"Copy by name what " + std::string(copy.keyword().text()) + " " +
                         std::string(words[0].text()) + " takes (draft)",
                     {replace(copy.span(), std::move(text))}};
}

}  // namespace bulkhead
