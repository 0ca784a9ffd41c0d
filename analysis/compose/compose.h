#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/compose/yaml.h"
#include "analysis/context.h"
#include "analysis/text/port_range.h"
#include "analysis/text/snapshot.h"

// Compose files, as far as they say how an image is built and run. Source: the Compose
// specification. Rules see services; `${NAME:-default}` counts as its default, and a value with a
// variable that has none is not known.
namespace bulkhead {

class ComposeFile;

// One entry of `ports`.
struct PublishedPort {
  const yaml::Node* node = nullptr;         // the entry
  std::string host = {};                    // the address; empty for all interfaces
  std::optional<PortRange> published = {};  // none: any free one, or not known
  bool any_free = false;                    // it is any free one
  PortRange target = {};                    // in the container
  std::string protocol = "tcp";             // in lower case
};

// One entry of `volumes`.
struct ServiceMount {
  const yaml::Node* node = nullptr;  // the entry
  // A host path, that behind a volume of this file too; or the volume's name; empty for an anonymous one.
  std::string source = {};
  std::string target = {};
  std::string propagation = {};  // "rshared"; empty when none is asked for
  bool read_only = false;
};

// What `build` says: paths as written, relative to the compose file's folder.
struct ServiceBuild {
  Span span = {};  // of the value
  std::string context = ".";
  std::string dockerfile = "Dockerfile";  // relative to the context
  std::string target = {};                // the stage; empty for the last
  bool in_place = false;                  // dockerfile_inline: there is no file
  bool names_context = false;             // it is not the folder of the compose file by default
  bool has_arguments = false;             // args: what the Dockerfile says of them is not all

  // The Dockerfile's path from the folder of the compose file.
  std::string path() const;
};

// A service, as a handle; valid as long as its file.
class Service {
 public:
  Service(const ComposeFile& file, const yaml::Field& field) : file_(&file), field_(&field) {}

  const ComposeFile& file() const { return *file_; }
  std::string_view name() const { return field_->key.text; }
  Span span() const { return field_->key.span; }  // of its name
  const yaml::Node& value() const { return field_->value; }

  // The field `key`: the service's own, one merged into it by `<<`, or that of the service of this
  // file which it extends. Null where there is none.
  const yaml::Field* field(std::string_view key) const;
  const yaml::Node* get(std::string_view key) const;
  // Whether it extends what is not known here, a service of another file: what it has not may be there.
  bool extends_unknown() const;
  // Whether it extends `other`, a service of the same file.
  bool extends(const Service& other) const;

  std::vector<PublishedPort> ports() const;  // those that can be read
  std::vector<ServiceMount> mounts() const;
  std::optional<ServiceBuild> build() const;  // none where it only uses an image, or is not known

 private:
  const ComposeFile* file_;
  const yaml::Field* field_;
};

class ComposeFile final : public Snapshot {
 public:
  // Reads YAML, in host/.
  using Parser = yaml::Reading (*)(std::string_view text);

  // Never fails: what is no compose file has no services.
  static std::shared_ptr<const ComposeFile> create(std::string text, Parser parser);

  // Why nothing is known of it; null where it could be read.
  const yaml::Fault* fault() const { return read_.fault ? &*read_.fault : nullptr; }
  // All that it says; null where that is nothing.
  const yaml::Node* root() const { return read_.root ? &*read_.root : nullptr; }
  std::vector<Service> services() const;
  // The field of `services` with that name, or null.
  const yaml::Field* service_field(std::string_view name) const;

  std::vector<Remark> remarks() const override;
  std::optional<Span> subject_at(std::uint32_t place) const override;
  std::shared_ptr<const Snapshot> after(std::span<const TextEdit> edits) const override;

 private:
  friend class Service;
  ComposeFile(std::string text, Parser parser);
  // The top-level field `key`, or null.
  const yaml::Node* get(std::string_view key) const {
    return read_.root ? read_.root->get(key) : nullptr;
  }
  // From the line of `begin` to the last one that belongs to what stands there.
  Span block_at(std::uint32_t begin) const;

  Parser parser_;
  yaml::Reading read_;
  std::unordered_map<std::string_view, const yaml::Field*> services_;  // by name
};

// What compose makes of a scalar: variables replaced by their defaults; none with one that has none, or
// with more defaults in each other than anybody writes.
std::optional<std::string> interpolate(std::string_view text);

// Those services of `file`, which lies at `path`, that build the Dockerfile at `dockerfile`; both paths
// are told from one folder, or absolute.
std::vector<BuildingService> services_building(const ComposeFile& file, std::string_view path,
                                               std::string_view dockerfile);

// What the services of `file`, which lies at `path`, build from Dockerfiles, as far as it says so alone; the
// Dockerfiles themselves are left for who can read them.
std::vector<BuiltImage> images_built(const ComposeFile& file, std::string_view path);

// Takes the lines of what stands at `span` away. None where there is anything else on them but a comment,
// and in front the characters of `before`.
std::optional<TextEdit> remove_lines(const ComposeFile& file, Span span, std::string_view before);

// Takes a field of `service` and its lines away. None where that is not a matter of whole lines, where
// the field comes from elsewhere by an alias, or `extends`, and where nothing else is left beside it.
std::optional<TextEdit> remove(const Service& service, const yaml::Field& field);
// The same for one item of the list that is the field's value; with the last one goes the field.
std::optional<TextEdit> remove_item(const Service& service, const yaml::Field& field,
                                    const yaml::Node& item);

}  // namespace bulkhead
