#include "analysis/facts/files.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {
namespace {

struct Row {
  const SensitiveFile* file;
  std::string_view last_name;  // of its glob
};

std::vector<Row> rows_of_sensitive_files() {
  std::vector<Row> rows;
  for (const SensitiveFile& file : tables::sensitive_files)
    rows.push_back({&file, file.glob.substr(file.glob.rfind('/') + 1)});  // npos + 1 is 0
  return rows;
}

std::string_view last_two(std::string_view name) {
  return name.substr(name.size() - std::min<std::size_t>(name.size(), 2));
}

// The last names of `path`, as many as `glob` has.
std::string_view tail_like(std::string_view glob, std::string_view path) {
  auto names = std::ranges::count(glob, '/') + 1;
  std::size_t begin = path.size() + 1;
  while (names-- > 0 && begin > 0) {
    const std::size_t slash = begin < 2 ? std::string_view::npos : path.rfind('/', begin - 2);
    begin = slash == std::string_view::npos ? 0 : slash + 1;
  }
  return path.substr(begin);
}

// Between commas; empty where none is known.
std::string_view readers(const SensitiveFile& file) {
  const auto found =
      std::ranges::find(tables::credential_readers, file.glob, &tables::CredentialReaders::file);
  return found == tables::credential_readers.end() ? std::string_view() : found->programs;
}

}  // namespace

const SensitiveFile* sensitive_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.empty()) return nullptr;
  // A context may have a hundred thousand files, and hardly one of them is in the table.
  static const std::vector<Row> all = rows_of_sensitive_files();
  static const RowsByCharacter<Row> rows(
      all, [](const Row& row) { return std::string(1, pair_of(last_two(row.last_name))); });
  for (const Row* row : rows.of(pair_of(last_two(name)))) {
    const auto& [file, last_name] = *row;
    const char first = last_name.front();
    if ((first != name.front() && first != '*') || !matches_glob(last_name, name)) continue;
    const bool is_deep = last_name.size() < file->glob.size();
    if (is_deep && !matches_glob(file->glob, tail_like(file->glob, path))) continue;
    const bool excepted = any_part(file->exceptions, ',', [&](std::string_view glob) {
      return !glob.empty() && matches_glob(glob, name);
    });
    if (!excepted) return file;
  }
  return nullptr;
}

const SensitiveFile* file_named_by(std::string_view variable) {
  const auto row = std::ranges::find(tables::credential_file_variables, variable,
                                     &tables::CredentialFileVariable::variable);
  return row == tables::credential_file_variables.end() ? nullptr : sensitive_file(row->file);
}

bool has_readers(const SensitiveFile& file) {
  return !readers(file).empty();
}

bool reads(std::string_view program, const SensitiveFile& file) {
  return any_part(readers(file), ',', [&](std::string_view each) { return each == program; });
}

}  // namespace bulkhead::facts
