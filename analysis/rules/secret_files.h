#pragma once

// Files with secrets that a build puts into an image, by their names; and what moves them into mounts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/files.h"
#include "analysis/rule.h"
#include "analysis/rules/shipped_files.h"

namespace bulkhead::rules {

struct SecretFile {
  // The one rule that speaks of it.
  enum class Concern : std::uint8_t {
    copied,   // by COPY or ADD
    ssh_key,  // the same of a key of SSH, or a RUN writes it
    written,  // by a RUN or a heredoc
    removed,  // any of these, and deleted in a layer behind it
  };
  Concern concern = Concern::copied;
  Stage stage;
  std::optional<std::size_t> effect;  // in the stage that writes it; none behind ONBUILD
  const facts::SensitiveFile* file;
  std::string name;     // as the author calls it
  std::string path;     // where it comes to lie
  bool certain = true;  // false: it may not come to be, or to hold a secret
  Span place;           // what says it
  std::optional<Span> named_at =
      {};  // the variable that names it, where its own name tells nothing
  const Effect* deleted = nullptr;
  const Effect* carried =
      nullptr;  // what takes it into the image, if its own layer is not part of one

  Severity severity() const;
  // "settings.xml (Maven server passwords)"
  std::string described() const;
};

// Those of a stage, in order. A file whose layer is part of no image, and that nothing copies into one, is
// none; nor is one that is deleted in its own layer.
class SecretFiles {
 public:
  SecretFiles(const Stage& stage, SharedViews& views);

  const std::vector<SecretFile>& files() const { return files_; }

  // Takes the file out, and mounts it where a RUN reads it. None where that cannot be told.
  std::optional<Fix> fix(const SecretFile& secret) const;

 private:
  void read_effect(std::size_t at);
  void read_trigger(const Instruction& trigger);
  void add(SecretFile secret);
  // Takes the file for what a variable of the stage says of it; nothing where none does.
  void ask_variables(SecretFile& secret, const FileEffect& file) const;

  // A file that ENV names, by a variable that programs have their credentials by.
  struct NamedFile {
    std::string path;
    const facts::SensitiveFile* file;
    Span place;
  };

  Stage stage_;
  const ShippedFiles& shipped_;
  std::vector<NamedFile> named_;
  std::vector<SecretFile> files_;
};

// Reports those of one concern.
void report_secret_files(const Stage& stage, Report& report, SecretFile::Concern concern);

// What the name at the end of `path` says of the file, where it says that there is a secret in it; else null.
const facts::SensitiveFile* secret_file_at(std::string_view path);

// Whether a password or the like stands in `text`, as files of settings have them: `_authToken=x`.
bool holds_credential(std::string_view text);

// Whether the path is that of a file for tests, or one that only shows what the real one looks like.
bool is_sample(std::string_view path);

}  // namespace bulkhead::rules
