#include "analysis/example.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "analysis/compose/compose.h"
#include "analysis/ignore_file.h"
#include "analysis/model/document.h"
#include "analysis/text/path.h"

namespace bulkhead {

Example parse_example(std::string_view text) {
  constexpr std::string_view trusted_registry = "--trusted-registry=";
  if (text.starts_with('\n')) text.remove_prefix(1);
  Example example;
  std::string_view no_text;  // what follows a setting
  std::string_view* current = &example.text;
  const char* begin = text.data();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t next = std::min(end + 1, text.size());
    if (line.size() > 6 && line.starts_with("-- ") && line.ends_with(" --")) {
      const std::string_view path = line.substr(3, line.size() - 6);
      *current = {begin, static_cast<std::size_t>(text.data() + at - begin)};
      if (path.starts_with(trusted_registry)) {
        example.trusted_registries.push_back(path.substr(trusted_registry.size()));
        current = &no_text;
      } else if (at == 0) {
        example.name = path;
      } else {
        example.files.push_back({path, {}});
        current = &example.files.back().text;
      }
      begin = text.data() + next;
    }
    at = next;
  }
  *current = {begin, static_cast<std::size_t>(text.data() + text.size() - begin)};
  return example;
}

BuildContext Example::build_context() const {
  BuildContext context;
  std::set<std::string> folders;
  const auto add_folders = [&](std::string_view path) {
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      folders.emplace(path.substr(0, slash));
    }
  };
  context.entries.push_back({std::string(name), text.size(), false});
  for (const File& file : files) {
    add_folders(file.path);
    if (!file.path.ends_with('/'))
      context.entries.push_back({std::string(file.path), file.text.size(), false});
    if (file.path == ".dockerignore") {
      context.ignore_file = {std::string(file.path), std::string(file.text)};
    }
  }
  if (is_ignore_file_name(name)) context.ignore_file = {std::string(name), std::string(text)};
  for (const std::string& folder : folders) context.entries.push_back({folder, 0, true});
  std::ranges::sort(context.entries, {}, &BuildContext::Entry::path);
  return context;
}

Context Example::context(ReadSnapshot read, bool has_context) const {
  Context context;
  context.trusted_registries.assign(trusted_registries.begin(), trusted_registries.end());
  if (has_context || !files.empty()) context.build = build_context();
  const auto snapshot = read(name, std::string(text));
  const auto* compose = dynamic_cast<const ComposeFile*>(snapshot.get());
  for (const File& file : files) {
    const auto other = read(clean_path(file.path), std::string(file.text));
    const auto dockerfile = std::dynamic_pointer_cast<const Document>(other);
    if (!compose && file.path.ends_with("Dockerfile"))
      context.dockerfiles.push_back({std::string(file.path), dockerfile});
    if (compose && std::dynamic_pointer_cast<const ComposeFile>(other))
      context.compose_files.push_back(std::dynamic_pointer_cast<const ComposeFile>(other));
    const auto* composing = dynamic_cast<const ComposeFile*>(other.get());
    if (composing && !compose) {
      std::ranges::move(services_building(*composing, file.path, name),
                        std::back_inserter(context.built_by));
    }
    if (!dockerfile || !compose) continue;
    for (const BuiltImage& image : images_built(*compose, name)) {
      if (image.file != file.path) continue;
      context.builds.push_back(image);
      context.builds.back().dockerfile = dockerfile;
    }
  }
  return context;
}

}  // namespace bulkhead
