#include "analysis/facts/files.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "analysis/facts/lookup.h"
#include "analysis/facts/tables.h"

namespace bulkhead::facts {
namespace {

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

// The rows that a name may match, in order, by its last character.
using RowsByEnd = std::array<std::vector<std::size_t>, 256>;

RowsByEnd sorted_by_end() {
  RowsByEnd rows;
  for (std::size_t row = 0; row < tables::sensitive_files.size(); ++row) {
    const char last = tables::sensitive_files[row].glob.back();
    for (std::size_t end = 0; end < rows.size(); ++end) {
      if (last == '*' || end == static_cast<unsigned char>(last)) rows[end].push_back(row);
    }
  }
  return rows;
}

}  // namespace

const SensitiveFile* sensitive_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.empty()) return nullptr;
  // A context may have a hundred thousand files, and hardly one of them is in the table.
  static const RowsByEnd rows_by_end = sorted_by_end();
  for (const std::size_t row : rows_by_end[static_cast<unsigned char>(name.back())]) {
    const SensitiveFile& file = tables::sensitive_files[row];
    const bool deep = file.glob.find('/') != std::string_view::npos;
    if (!matches_glob(file.glob, deep ? tail_like(file.glob, path) : name)) continue;
    const bool excepted = any_part(file.exceptions, ',', [&](std::string_view glob) {
      return !glob.empty() && matches_glob(glob, name);
    });
    if (!excepted) return &file;
  }
  return nullptr;
}

bool has_readers(const SensitiveFile& file) {
  return !readers(file).empty();
}

bool reads(std::string_view program, const SensitiveFile& file) {
  return any_part(readers(file), ',', [&](std::string_view each) { return each == program; });
}

}  // namespace bulkhead::facts
