#pragma once

#include <cstdint>
#include <string_view>

// What the names and values of variables tell about secrets.
namespace bulkhead::facts {

enum class Strength : std::uint8_t { low, medium, high };

struct NameVerdict {
  enum class Kind : std::uint8_t {
    none,   // nothing in the name speaks of a secret
    allow,  // something in it says that it is none: DB_PASSWORD_FILE, GPG_KEY
    secret,
  };
  Kind kind = Kind::none;
  Strength strength = Strength::low;  // `low` needs a value that looks like a secret as well
  std::string_view word;              // what decided, in lower case: "password", "api_key"
  bool published = false;             // a tool takes it into what browsers get: VITE_PASSWORD

  constexpr bool is_secret(Strength at_least = Strength::medium) const {
    return kind == Kind::secret && strength >= at_least;
  }
};

// `variable` in any case and style: DB_PASSWORD, dbPassword, db-password, db.password.
NameVerdict secret_name(std::string_view variable);

enum class ValueKind : std::uint8_t {
  literal,  // may be the thing itself
  empty,
  reference,  // says where the thing is: $VARIABLE, $(command), a path, a URL without password, a
              // vault
  dummy,      // stands for it: changeme, <your-token>, xxxx, AKIA...EXAMPLE
  known,      // a password that is tried first: root, admin
  plain,  // a form that is no secret as such: true, 8080, a version, a fingerprint, a public key
};

// What `value` looks like after quotes were removed (with them it does as well). A `dummy` password
// in an image is still a password: whoever asks decides what to make of the kind.
ValueKind value_kind(std::string_view value);

}  // namespace bulkhead::facts
