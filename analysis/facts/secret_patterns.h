#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Secrets that are known by their looks, wherever they stand.
namespace bulkhead::facts {

struct SecretPattern {
  enum class Kind : std::uint8_t {
    format,    // nothing else looks like that: ghp_...
    named,     // the same, as far as there is the name of a service beside it
    place,     // any text, where there is nothing but secrets: https://user:$THIS@host
    argument,  // the same, among the arguments of a program: docker login -p $THIS
  };
  enum class Confidence : std::uint8_t {
    low,  // counts where facts::secret_name() knows the name beside it
    medium,
    high,
  };
  std::string_view id;
  std::string_view what;  // "GitHub classic personal access token", without an article
  Kind kind;
  std::string_view regex;  // of RE2; its group is the secret
  bool ignores_case;
  std::string_view also;  // texts between commas, of which one must stand near the keyword
  std::uint16_t run;      // the fewest bytes without a blank among them; 0: there may be blanks
  double min_entropy;     // bits per byte
  Confidence confidence;
};

std::span<const SecretPattern> secret_patterns();

// A secret in a text: the bytes [begin, end), and nothing but the secret.
struct SecretValue {
  std::size_t begin = 0;
  std::size_t end = 0;
  const SecretPattern* pattern = nullptr;  // lives as long as the program
};

// All that are in `text`, in order and apart from one another; what stands for a secret (changeme, $TOKEN)
// is none. `text` should have its quotes and escapes resolved, as far as they are not part of it. In linear
// time; safe to call from several threads.
std::vector<SecretValue> find_secrets(std::string_view text);

// `text` with its secrets shown like that, for messages.
std::string without_secrets(std::string text);

// How to show a secret to people: "ghp… (40 characters)". Of a short one only the size.
std::string redacted(std::string_view secret);

}  // namespace bulkhead::facts
