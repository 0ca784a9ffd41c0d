#include "analysis/ignore_file.h"

#include <algorithm>
#include <utility>

#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead {

bool is_ignore_file_name(std::string_view name) {
  return name.ends_with(".dockerignore");
}

std::array<std::string, 2> ignore_files_of(std::string_view dockerfile, std::string_view root) {
  constexpr std::string_view name = ".dockerignore";
  return {std::string(dockerfile).append(name), std::string(root).append(name)};
}

IgnoreFile::IgnoreFile(std::string text)
    : Snapshot(std::move(text)), patterns_(ignore_patterns(text_)) {}

std::shared_ptr<const IgnoreFile> IgnoreFile::create(std::string text) {
  return std::shared_ptr<const IgnoreFile>(new IgnoreFile(std::move(text)));
}

std::vector<Snapshot::Remark> IgnoreFile::remarks() const {
  std::vector<Remark> remarks;
  auto below = patterns_.begin();
  for (std::size_t at = line_begin(text(), 0); at < text().size();) {
    const std::size_t end = std::min(text().find('\n', at), text().size());
    const std::string_view line = trimmed(text().substr(at, end - at));
    if (text()[at] == '#') {
      const auto begin = static_cast<std::uint32_t>(at);
      while (below != patterns_.end() && below->span.begin < begin) ++below;
      remarks.push_back({{begin, begin + static_cast<std::uint32_t>(line.size())},
                         below == patterns_.end() ? std::nullopt : std::optional(below->span)});
    }
    at = end + 1;
  }
  return remarks;
}

std::optional<Span> IgnoreFile::subject_at(std::uint32_t place) const {
  const auto found = std::ranges::find_if(patterns_, [&](const IgnorePattern& pattern) {
    return line_begin(text(), pattern.span.begin) == line_begin(text(), place);
  });
  return found == patterns_.end() ? std::nullopt : std::optional(found->span);
}

std::shared_ptr<const Snapshot> IgnoreFile::after(std::span<const TextEdit> edits) const {
  return create(edited(text_, edits));
}

}  // namespace bulkhead
