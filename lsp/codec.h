#pragma once

// Between the structures of protocol.h and JSON, by their field tables.

#include <charconv>
#include <cmath>
#include <concepts>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lsp/json.h"
#include "lsp/protocol.h"

namespace bulkhead::lsp {

// JSON that is not of the form it should be; says where and what was expected.
struct DecodeError : std::runtime_error {
  using runtime_error::runtime_error;
};

template <class T>
concept Structure = !std::same_as<std::remove_cv_t<decltype(fields<T>)>, std::nullptr_t>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// ---- To JSON: written down at once, for a key press sends what was found in all of a file

inline void write(std::string& out, Null) {
  out += "null";
}
inline void write(std::string& out, bool value) {
  out += value ? "true" : "false";
}
inline void write(std::string& out, const std::string& text) {
  append_string(out, text);
}

inline void write(std::string& out, const JsonText& json) {
  out += json.text;
}

template <std::integral T>
void write(std::string& out, T value) {
  char digits[std::numeric_limits<T>::digits10 + 2];
  out.append(digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr);
}

template <class T>
  requires std::is_enum_v<T>
void write(std::string& out, T value) {
  write(out, static_cast<std::underlying_type_t<T>>(value));
}

// Declared ahead, for they contain each other.
template <Structure T>
void write(std::string& out, const T& structure);
template <class T>
void write(std::string& out, const std::map<std::string, T>& items);
template <class... T>
void write(std::string& out, const std::variant<T...>& value);

template <class T>
void write(std::string& out, const std::vector<T>& items) {
  if constexpr (std::same_as<T, JsonText>) {  // may be long
    std::size_t size = out.size() + items.size() + 64;
    for (const JsonText& item : items) size += item.text.size();
    out.reserve(size);
  }
  out += '[';
  for (const T& item : items) {
    if (&item != items.data()) out += ',';
    write(out, item);
  }
  out += ']';
}

template <class T>
void write(std::string& out, const std::map<std::string, T>& items) {
  out += '{';
  for (bool first = true; const auto& [key, item] : items) {
    if (!std::exchange(first, false)) out += ',';
    write(out, key);
    out += ':';
    write(out, item);
  }
  out += '}';
}

template <class... T>
void write(std::string& out, const std::variant<T...>& value) {
  std::visit([&](const auto& alternative) { write(out, alternative); }, value);
}

template <Structure T>
void write(std::string& out, const T& structure) {
  out += '{';
  bool first = true;
  const auto add = [&](std::string_view key, const auto& value) {
    out += key.substr(std::exchange(first, false) ? 1 : 0);
    write(out, value);
  };
  const auto add_field = [&]<class Value>(const Field<T, Value>& field) {
    const Value& value = structure.*field.member;
    if constexpr (is_optional<Value>) {
      if (value) add(field.written(), *value);
    } else {
      add(field.written(), value);
    }
  };
  std::apply([&](const auto&... field) { (add_field(field), ...); }, fields<T>);
  out += '}';
}

template <class T>
JsonText encode(const T& value) {
  JsonText json;
  write(json.text, value);
  return json;
}

// ---- From JSON; throws DecodeError

inline void decode(const Json& json, bool& value) {
  if (!json.is_boolean()) throw DecodeError("expected a boolean");
  value = json.get<bool>();
}

inline void decode(const Json& json, std::string& value) {
  if (!json.is_string()) throw DecodeError("expected a string");
  value = json.get_ref<const std::string&>();
}

// Numbers too large or too small become the last one there is: a line beyond the end is still
// beyond it. Whole numbers written with a fraction ("1.0") are what Lua makes of integers.
template <std::integral T>
void decode(const Json& json, T& value) {
  using Limits = std::numeric_limits<T>;
  if (json.is_number_unsigned()) {
    const auto number = json.get<std::uint64_t>();
    value = std::cmp_greater(number, Limits::max()) ? Limits::max() : static_cast<T>(number);
  } else if (json.is_number_integer()) {
    const auto number = json.get<std::int64_t>();
    if (std::is_unsigned_v<T> && number < 0) throw DecodeError("expected a number from 0 on");
    value = std::cmp_less(number, Limits::min()) ? Limits::min() : static_cast<T>(number);
  } else if (json.is_number_float() && std::trunc(json.get<double>()) == json.get<double>()) {
    const auto number = json.get<double>();
    if (std::is_unsigned_v<T> && number < 0) throw DecodeError("expected a number from 0 on");
    value = number >= static_cast<double>(Limits::max())   ? Limits::max()
            : number <= static_cast<double>(Limits::min()) ? Limits::min()
                                                           : static_cast<T>(number);
  } else {
    throw DecodeError("expected a whole number");
  }
}

template <class T>
  requires std::is_enum_v<T>
void decode(const Json& json, T& value) {
  std::underlying_type_t<T> number{};
  decode(json, number);
  value = static_cast<T>(number);
}

template <Structure T>
void decode(const Json& json, T& structure);
template <class T>
void decode(const Json& json, std::vector<T>& items);
template <class First, class... Rest>
void decode(const Json& json, std::variant<First, Rest...>& value);

template <class T>
void decode(const Json& json, std::optional<T>& value) {
  if (json.is_null()) {
    value.reset();
  } else {
    decode(json, value.emplace());
  }
}

template <class T>
void decode(const Json& json, std::vector<T>& items) {
  if (!json.is_array()) throw DecodeError("expected an array");
  items.clear();
  for (const Json& item : json) decode(item, items.emplace_back());
}

// The first alternative that fits.
template <class First, class... Rest>
void decode(const Json& json, std::variant<First, Rest...>& value) {
  const auto fits = [&]<class T>(std::type_identity<T>) {
    try {
      T alternative{};
      decode(json, alternative);
      value = std::move(alternative);
      return true;
    } catch (const DecodeError&) {
      return false;
    }
  };
  if (!(fits(std::type_identity<First>()) || ... || fits(std::type_identity<Rest>()))) {
    throw DecodeError("expected something else");
  }
}

// What is told by a path is looked up by it, and counts as absent where it is of another form.
template <class T, class Value>
void look_up(const Json& json, const Field<T, Value>& field, T& structure) {
  const Json::json_pointer path{std::string(field.name)};
  if (!json.contains(path)) return;
  try {
    decode(json.at(path), structure.*field.member);
  } catch (const DecodeError&) {
    structure.*field.member = {};
  }
}

template <class T, class Value>
void decode_field(const Json& object, const Field<T, Value>& field, T& structure) {
  if (field.name.starts_with('/')) return look_up(object, field, structure);
  if (!object.is_object()) throw DecodeError("expected an object");
  const auto at = object.find(field.name);
  if (at == object.end()) {
    if (is_optional<Value>) return;
    throw DecodeError(std::string(field.name) + " is missing");
  }
  try {
    decode(*at, structure.*field.member);
  } catch (const DecodeError& error) {
    throw DecodeError(std::string(field.name) + ": " + error.what());
  }
}

template <Structure T>
void decode(const Json& json, T& structure) {
  if constexpr (std::tuple_size_v < std::remove_cv_t < decltype(fields<T>) >>> 0) {
    std::apply([&](const auto&... field) { (decode_field(json, field, structure), ...); },
               fields<T>);
  }
}

}  // namespace bulkhead::lsp
