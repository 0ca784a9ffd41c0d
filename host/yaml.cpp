#include "host/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "analysis/text/ascii.h"

namespace bulkhead::host {
namespace {

using yaml::Field;
using yaml::Node;

// Aliases of aliases grow without bound from a few lines.
constexpr std::size_t max_nodes = 200'000;
constexpr std::size_t nodes_anyway = 1'000;
constexpr std::size_t nodes_per_byte = 4;
constexpr std::size_t max_depth = 200;

// What the parser takes, and we do not.
struct Refusal : std::runtime_error {
  Refusal(std::uint32_t at, const char* why) : std::runtime_error(why), place(at) {}
  std::uint32_t place;
};

// How many nodes this one and all in it are; a long text is worth some as well.
std::size_t size_of(const Node& node) {
  std::size_t size = 1 + node.text.size() / sizeof(Node);
  for (const Node& item : node.items) size += size_of(item);
  for (const Field& field : node.fields) size += size_of(field.key) + size_of(field.value);
  return size;
}

// How many of its nodes stand in each other.
std::size_t depth_of(const Node& node) {
  std::size_t depth = 0;
  for (const Node& item : node.items) depth = std::max(depth, depth_of(item));
  for (const Field& field : node.fields)
    depth = std::max({depth, depth_of(field.key), depth_of(field.value)});
  return 1 + depth;
}

// Builds the tree from the parser's events, which alone say how a value is written.
class Builder final : public YAML::EventHandler {
 public:
  // The parser counts bytes from behind the byte-order mark.
  Builder(std::string_view text, std::uint32_t start)
      : text_(text),
        start_(start),
        nodes_left_(std::min(max_nodes, nodes_anyway + nodes_per_byte * text.size())) {}

  Node take() { return std::move(root_); }

  std::uint32_t offset(const YAML::Mark& mark) const {
    const auto at = start_ + static_cast<std::size_t>(std::max(mark.pos, 0));
    return static_cast<std::uint32_t>(std::min(at, text_.size()));
  }

  void OnDocumentStart(const YAML::Mark&) override { anchors_.clear(); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.span = null_at(offset(mark))}, anchor);
  }
  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) return add({}, 0);  // an alias inside of what it stands for
    if (open_.size() + depth_of(found->second) > max_depth) refuse_size();
    count(size_of(found->second));
    add(found->second, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::uint32_t begin = skip_properties(offset(mark));
    const bool quoted = begin < text_.size() && (text_[begin] == '"' || text_[begin] == '\'');
    Node node{.kind = Node::Kind::scalar, .span = {begin, end_of(begin, value)}, .text = value};
    node.plain = !quoted && tag == "?";
    if (node.plain && (value.empty() || value == "~" || value == "null"))
      node.kind = Node::Kind::null;
    add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Node::Kind::sequence, mark, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Node::Kind::mapping, mark, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    std::optional<Node> key = {};
  };

  // An anchor and a tag stand in front of the scalar itself.
  std::uint32_t skip_properties(std::uint32_t at) const {
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      at = past(at, [](char c) { return !is_space(c); });
      at = past(at, is_space);
    }
    return at;
  }
  template <class Predicate>
  std::uint32_t past(std::uint32_t at, Predicate holds) const {
    while (at < text_.size() && holds(text_[at])) ++at;
    return at;
  }

  // What stands for null, be it nothing: the parser has looked for it up to the next word.
  Span null_at(std::uint32_t at) const {
    if (open_.empty() || !open_.back().key) return {at, at};
    std::uint32_t end = past(open_.back().key->span.end, is_blank);
    if (end < text_.size() && text_[end] == ':') ++end;
    if (at < end || past(end, is_blank) < at) return {end, end};
    return {at, past(at, [](char c) { return c == '~' || is_letter(c); })};
  }

  // The parser does not say where a scalar ends.
  std::uint32_t end_of(std::uint32_t begin, const std::string& value) const {
    const std::string_view rest = text_.substr(begin);
    const char first = rest.empty() ? '\0' : rest.front();
    if (first == '"' || first == '\'') return begin + quoted_size(begin);
    const bool is_block = first == '|' || first == '>';
    // Not looked for in vain: a file may be one line.
    const auto line_end = [&] {
      return past(begin, [](char c) { return c != '\n' && c != '\r'; });
    };
    const auto end = behind(is_block ? line_end() : begin, value);
    return end ? *end : line_end();
  }

  [[noreturn]] static void refuse_size() {
    throw Refusal(0, "it is nested, or grows by its aliases, more than anybody writes");
  }

  // With both quotes.
  std::uint32_t quoted_size(std::uint32_t begin) const {
    const std::string_view text = text_.substr(begin);
    const char quote = text.front();
    std::size_t end = 1;
    for (; end < text.size(); ++end) {
      const bool escapes = text[end] == (quote == '"' ? '\\' : quote);
      if (escapes && (quote == '"' || text.substr(end + 1).starts_with(quote))) {
        ++end;
      } else if (text[end] == quote) {
        break;
      }
    }
    if (end >= text.size()) throw Refusal(begin, "the quote is never closed");
    return static_cast<std::uint32_t>(end + 1);
  }

  // Where the value ends that begins at `at`, or is empty: without quotes only the white space differs
  // between what is written and what it says.
  std::optional<std::uint32_t> behind(std::uint32_t at, const std::string& value) const {
    for (const char c : value) {
      if (is_space(c)) continue;
      const std::uint32_t place = past(at, is_space);
      if (place == text_.size() || text_[place] != c) return std::nullopt;
      at = place + 1;
    }
    return at;
  }

  void count(std::size_t nodes) {
    if (nodes > nodes_left_) refuse_size();
    nodes_left_ -= nodes;
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    if (open_.size() >= max_depth) refuse_size();
    const std::uint32_t begin = skip_properties(offset(mark));
    Node node{.kind = kind, .span = {begin, begin}};
    node.flow = style == YAML::EmitterStyle::Flow;
    open_.push_back({std::move(node), anchor});
  }

  void close() {
    auto [node, anchor, key] = std::move(open_.back());
    open_.pop_back();
    if (node.flow) node.span.end = past_bracket(node.span.end);
    add(std::move(node), anchor);
  }

  std::uint32_t past_bracket(std::uint32_t at) const {
    at = past(at, [](char c) { return c != ']' && c != '}'; });
    return std::min(at + 1, static_cast<std::uint32_t>(text_.size()));
  }

  void add(Node node, YAML::anchor_t anchor) {
    count(1);
    node.anchored = anchor != YAML::NullAnchor;
    if (node.anchored) {
      count(size_of(node));
      anchors_.insert_or_assign(anchor, node);
    }
    if (open_.empty()) return merge(std::move(node));
    Open& parent = open_.back();
    // An alias stands elsewhere, maybe further up.
    if (node.span.begin >= parent.node.span.begin) {
      parent.node.span.end = std::max(parent.node.span.end, node.span.end);
    }
    if (parent.node.kind == Node::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      parent.node.fields.push_back({*std::exchange(parent.key, std::nullopt), std::move(node)});
    }
  }

  // As compose does with the documents of a file; of what two say of one service, that of the first is taken.
  void merge(Node document) {
    if (root_.kind != Node::Kind::mapping) {
      root_ = std::move(document);
      return;
    }
    if (places_.empty()) {
      for (std::size_t i = 0; i < root_.fields.size(); ++i) note(i);
    }
    for (Field& field : document.fields) {
      const auto known = places_.find(field.key.text);
      if (known == places_.end()) {
        root_.fields.push_back(std::move(field));
        note(root_.fields.size() - 1);
        continue;
      }
      Node& value = root_.fields[known->second].value;
      if (value.kind != Node::Kind::mapping) continue;
      for (Field& inner : field.value.fields) {
        if (inner_keys_.emplace(known->second, inner.key.text).second)
          value.fields.push_back(std::move(inner));
      }
    }
  }

  // Once there is a second document: there may be a hundred thousand.
  void note(std::size_t place) {
    const Field& field = root_.fields[place];
    places_.try_emplace(field.key.text, place);
    for (const Field& inner : field.value.fields) inner_keys_.emplace(place, inner.key.text);
  }

  std::string_view text_;
  std::uint32_t start_;
  Node root_;
  std::map<std::string, std::size_t> places_;                 // of the root's fields, by key
  std::set<std::pair<std::size_t, std::string>> inner_keys_;  // of what stands at each place
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_left_;
};

}  // namespace

yaml::Reading read_yaml(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const auto start =
      static_cast<std::uint32_t>(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  Builder builder(text, start);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return {};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::ParserException& fault) {
    return {.fault = {{builder.offset(fault.mark), fault.msg}}};
  } catch (const Refusal& refusal) {
    return {.fault = {{refusal.place, refusal.what()}}};
  } catch (const std::exception& fault) {
    return {.fault = {{start, fault.what()}}};
  }
  return {.root = builder.take()};
}

}  // namespace bulkhead::host
