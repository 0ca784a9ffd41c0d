#pragma once

#include <span>
#include <string_view>

#include "analysis/facts/build_images.h"
#include "analysis/facts/capabilities.h"
#include "analysis/facts/credential_arguments.h"
#include "analysis/facts/debug_switches.h"
#include "analysis/facts/ecosystems.h"
#include "analysis/facts/end_of_life.h"
#include "analysis/facts/files.h"
#include "analysis/facts/image_purposes.h"
#include "analysis/facts/images.h"
#include "analysis/facts/instructions.h"
#include "analysis/facts/open_servers.h"
#include "analysis/facts/package_managers.h"
#include "analysis/facts/packages.h"
#include "analysis/facts/paths.h"
#include "analysis/facts/ports.h"
#include "analysis/facts/programs.h"
#include "analysis/facts/registries.h"
#include "analysis/facts/registry_variables.h"
#include "analysis/facts/rule_names.h"
#include "analysis/facts/run_time_secrets.h"
#include "analysis/facts/secret_patterns.h"
#include "analysis/facts/secrets.h"
#include "analysis/facts/servers.h"
#include "analysis/facts/telemetry.h"
#include "analysis/facts/tls_switches.h"
#include "analysis/facts/users.h"

// What tools/facts/generate.cpp makes of data/ when bulkhead is built: constants, so that nothing
// is read, parsed or allocated at run time. For the files of this folder only.
namespace bulkhead::facts::tables {

// The few shapes that regular expressions in the data may have; the generator refuses others.
struct TagPattern {
  std::string_view
      literals;           // what the text begins with: alternatives between '|'; empty: anything
  char number;            // '.' or 'u': this and digits may follow the literal; 0: they may not
  std::string_view ends;  // characters of which one must come next, unless the text is over
};

struct Cycle {
  Support support;
  TagPattern tag;
};

// A product with its cycles.
struct Product {
  std::string_view name;
  std::string_view images;  // globs of names, between commas
  std::span<const Cycle> cycles;
  std::string_view oldest;  // version of the oldest cycle; empty: they are not ordered by version
  Cycle before;             // stands for all cycles that are older than that one
};

// A part of a tag that names a product: at its start, or after '-'.
struct TagPart {
  TagPattern part;
  const Product* product;
  const Cycle* cycle;
};

// How a cycle is written as a tag.
enum class Form : std::uint8_t { cycle, cycle_zero, latest, v_latest, none };
struct TagForm {
  std::string_view image;  // glob
  Form form;
};

struct User {
  std::string_view image;  // glob of name, or name:tag; "@alpine": the distribution
  std::string_view since;  // version of the image, or of the distribution; empty: always
  ImageUser user;          // without name and uid in a row that only says that there is no other
};

enum class NameMatch : std::uint8_t { exact, first, phrase, word, word_end, word_last };
struct Name {
  std::string_view word;  // lower case; those of a phrase, or at the beginning, are joined by '_'
  NameMatch match;
  bool allow;
  Strength strength;
};

enum class ValueMatch : std::uint8_t { equals, prefix, contains, suffix };
struct ValueForm {
  std::string_view text;  // lower case: compared ignoring case; one with capitals: as it stands
  ValueMatch match;
  ValueKind kind;
};

// A keyword that ends in a state of the automaton that finds all of them.
struct SecretKeyword {
  std::uint16_t pattern;  // in secret_patterns
  std::uint8_t size;
};

struct CredentialReaders {
  std::string_view file;      // the glob of a SensitiveFile
  std::string_view programs;  // between commas
};

struct CredentialFileVariable {
  std::string_view variable;
  std::string_view file;  // the glob of a SensitiveFile
};

extern const std::span<const BaseImage> base_images;
extern const std::span<const User> users;
extern const std::span<const Product> products;
extern const std::span<const TagPart> tag_parts;
extern const std::span<const TagForm> tag_forms;
extern const std::span<const Name> names;  // sorted by word, then match
extern const std::span<const ValueForm> value_forms;
extern const std::span<const SecretPattern> secret_patterns;
// The automaton: state 0 is the first, and keyword_steps[state * classes + class of the byte] the next one.
extern const std::span<const std::uint8_t> keyword_classes;  // of each byte
extern const std::span<const std::uint16_t> keyword_steps;
// [state, state + 1): in secret_keywords. Of the first states, to which the first one belongs, none.
extern const std::span<const std::uint16_t> keyword_ends;
extern const std::span<const SecretKeyword> secret_keywords;
extern const std::span<const SensitiveFile> sensitive_files;
extern const std::span<const CredentialReaders> credential_readers;
extern const std::span<const CredentialFileVariable> credential_file_variables;
extern const std::span<const Ecosystem> ecosystems;
extern const std::span<const PackageManager> package_managers;
extern const std::span<const Flag> flags;  // sorted by instruction, then name
extern const std::span<const MountOption> mount_options;
extern const std::span<const Signal> signals;
extern const std::span<const std::string_view> platform_parts;
extern const std::span<const Port> ports;
extern const std::span<const Registry> registries;  // the first that matches counts
extern const std::span<const SystemPath> system_paths;
extern const std::span<const TrustedPath> trusted_paths;
extern const std::span<const Capability> capabilities;
extern const std::span<const SdkImage> sdk_images;
extern const std::span<const BuildImage> build_images;  // the first that matches counts
extern const std::span<const std::string_view> build_variables;
extern const std::span<const SlimLack> slim_lacks;
extern const std::span<const ImagePrograms> image_programs;
extern const std::span<const RiskyPackage> risky_packages;  // the first that matches counts
extern const std::span<const ReleasePackage> release_packages;
extern const std::span<const RemoteServer> remote_servers;
extern const std::span<const std::string_view> development_words;
extern const std::span<const ProjectFolder> project_folders;
extern const std::span<const Server> servers;  // the first that matches counts
extern const std::span<const DevelopmentInstall> development_installs;
extern const std::span<const DebugSwitch> debug_switches;
extern const std::span<const TelemetrySwitch> telemetry_switches;
extern const std::span<const TlsSwitch> tls_switches;
extern const std::span<const OpenServer> open_servers;
extern const std::span<const OfflineInstall> offline_installs;
extern const std::span<const FileVariables> file_variables;
extern const std::span<const ImagePurpose> image_purposes;
extern const std::span<const CredentialArgument> credential_arguments;
extern const std::span<const CredentialVariables> registry_variables;
extern const std::span<const CredentialVariables> credential_variables;
extern const std::span<const RuleName> rule_names;
extern const Date end_of_life_snapshot;

}  // namespace bulkhead::facts::tables
