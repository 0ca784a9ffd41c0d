#include "analysis/syntax/tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>

extern "C" const TSLanguage* tree_sitter_dockerfile(void);
extern "C" const TSLanguage* tree_sitter_bash(void);

namespace bulkhead::syntax {
namespace {

const TSLanguage* grammar(Language language) {
  return language == Language::bash ? tree_sitter_bash() : tree_sitter_dockerfile();
}

TSNode raw(const Node& node) {
  static_assert(sizeof(Node) == sizeof(TSNode) && alignof(Node) == alignof(TSNode));
  return std::bit_cast<TSNode>(node);
}

Node wrap(TSNode node) {
  return ts_node_is_null(node) ? Node() : std::bit_cast<Node>(node);
}

// The point that lies `text` behind `start`; tree-sitter counts rows by LF and columns in bytes.
TSPoint point_behind(TSPoint start, std::string_view text) {
  const std::size_t last = text.rfind('\n');
  if (last == std::string_view::npos) {
    return {start.row, start.column + static_cast<std::uint32_t>(text.size())};
  }
  return {start.row + static_cast<std::uint32_t>(std::ranges::count(text, '\n')),
          static_cast<std::uint32_t>(text.size() - last - 1)};
}

// Hands the text to the parser and counts the parser's work, so that no text takes more than linear
// time: an external scanner may look ahead to the end of the text from every token, and recovering
// from errors may try many ways. Counting, unlike a clock, gives every run the same answer. Usual
// texts take a twentieth of it.
class Input {
 public:
  explicit Input(std::string_view text)
      : text_(text), reads_left_(1000 + text.size() / 16), checks_left_(1000 + text.size() / 4) {}

  bool exhausted() const { return reads_left_ == 0 || checks_left_ == 0; }

  // Gives the parser the next kilobyte. Out of budget, the text ends here.
  static const char* read(void* payload, std::uint32_t offset, TSPoint, std::uint32_t* size) {
    Input& input = *static_cast<Input*>(payload);
    if (input.reads_left_ > 0) --input.reads_left_;
    const std::size_t begin =
        input.exhausted() ? input.text_.size() : std::min<std::size_t>(offset, input.text_.size());
    *size = static_cast<std::uint32_t>(std::min<std::size_t>(1024, input.text_.size() - begin));
    return input.text_.data() + begin;
  }

  // Called every hundred steps; whether to stop.
  static bool check(TSParseState* state) {
    Input& input = *static_cast<Input*>(state->payload);
    if (input.checks_left_ > 0) --input.checks_left_;
    return input.exhausted();
  }

 private:
  std::string_view text_;
  std::size_t reads_left_;
  std::size_t checks_left_;
};

}  // namespace

Symbol symbol(Language language, std::string_view kind, bool named) {
  return ts_language_symbol_for_name(grammar(language), kind.data(),
                                     static_cast<std::uint32_t>(kind.size()), named);
}

Field field(Language language, std::string_view name) {
  return ts_language_field_id_for_name(grammar(language), name.data(),
                                       static_cast<std::uint32_t>(name.size()));
}

std::string_view Node::kind() const {
  return *this ? ts_node_type(raw(*this)) : std::string_view();
}
Symbol Node::symbol() const {
  return *this ? ts_node_symbol(raw(*this)) : Symbol{0};
}
bool Node::is_named() const {
  return *this && ts_node_is_named(raw(*this));
}
bool Node::is_error() const {
  return *this && ts_node_is_error(raw(*this));
}
bool Node::is_missing() const {
  return *this && ts_node_is_missing(raw(*this));
}
bool Node::has_error() const {
  return *this && ts_node_has_error(raw(*this));
}

Span Node::span() const {
  if (!*this) return {};
  return {ts_node_start_byte(raw(*this)), ts_node_end_byte(raw(*this))};
}
std::uint32_t Node::start_row() const {
  return *this ? ts_node_start_point(raw(*this)).row : 0;
}
std::uint32_t Node::end_row() const {
  return *this ? ts_node_end_point(raw(*this)).row : 0;
}

std::vector<Node> Node::children() const {
  std::vector<Node> found;
  Cursor cursor(*this);
  if (!cursor.to_first_child()) return found;
  do found.push_back(cursor.node());
  while (cursor.to_next_sibling());
  return found;
}

std::vector<Node> Node::named_children() const {
  std::vector<Node> found = children();
  std::erase_if(found, [](const Node& node) { return !node.is_named(); });
  return found;
}

bool Node::has_children() const {
  return *this && ts_node_child_count(raw(*this)) > 0;
}

Node Node::child(Field field) const {
  return *this ? wrap(ts_node_child_by_field_id(raw(*this), field)) : Node();
}

// A cursor on no node has no tree, which no call of tree-sitter's may see.
namespace {
TSTreeCursor* raw(std::byte* storage) {
  static_assert(sizeof(TSTreeCursor) <= sizeof(Cursor) && alignof(TSTreeCursor) <= alignof(Cursor));
  return std::launder(reinterpret_cast<TSTreeCursor*>(storage));
}
const TSTreeCursor* raw(const std::byte* storage) {
  return std::launder(reinterpret_cast<const TSTreeCursor*>(storage));
}
}  // namespace

Cursor::Cursor(const Node& node) {
  new (storage_) TSTreeCursor(node ? ts_tree_cursor_new(raw(node)) : TSTreeCursor{});
}
Cursor::~Cursor() {
  if (raw(storage_)->tree != nullptr) ts_tree_cursor_delete(raw(storage_));
}
Node Cursor::node() const {
  return raw(storage_)->tree != nullptr ? wrap(ts_tree_cursor_current_node(raw(storage_))) : Node();
}
Field Cursor::field() const {
  return raw(storage_)->tree != nullptr ? ts_tree_cursor_current_field_id(raw(storage_)) : Field{0};
}
bool Cursor::to_first_child() {
  return raw(storage_)->tree != nullptr && ts_tree_cursor_goto_first_child(raw(storage_));
}
bool Cursor::to_first_child(std::uint32_t behind) {
  return raw(storage_)->tree != nullptr &&
         ts_tree_cursor_goto_first_child_for_byte(raw(storage_), behind) >= 0;
}
bool Cursor::to_next_sibling() {
  return raw(storage_)->tree != nullptr && ts_tree_cursor_goto_next_sibling(raw(storage_));
}
bool Cursor::to_parent() {
  return raw(storage_)->tree != nullptr && ts_tree_cursor_goto_parent(raw(storage_));
}

Tree::Tree(Tree&& other) noexcept
    : tree_(std::exchange(other.tree_, nullptr)), language_(other.language_) {}
Tree& Tree::operator=(Tree&& other) noexcept {
  std::swap(tree_, other.tree_);
  std::swap(language_, other.language_);
  return *this;
}
Tree::~Tree() {
  ts_tree_delete(tree_);
}

Node Tree::root() const {
  return tree_ != nullptr ? wrap(ts_tree_root_node(tree_)) : Node();
}

void Parser::Delete::operator()(TSParser* parser) const {
  ts_parser_delete(parser);
}

Tree Parser::parse(Language language, std::string_view text, const Tree* old) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) return {};
  if (!parser_) parser_.reset(ts_parser_new());
  ts_parser_set_language(parser_.get(), grammar(language));
  Input input(text);
  Tree tree(ts_parser_parse_with_options(parser_.get(), old ? old->tree_ : nullptr,
                                         {&input, &Input::read, TSInputEncodingUTF8, nullptr},
                                         {&input, &Input::check}),
            language);
  if (!input.exhausted()) return tree;
  ts_parser_reset(parser_.get());  // it would go on with this text
  return {};
}

Tree reparse(const Tree& old, std::string_view old_text, std::string_view new_text,
             std::span<const TextEdit> edits) {
  const auto from_scratch = [&] { return parse(old.language_, new_text); };
  if (!old) return from_scratch();
  const Tree edited(ts_tree_copy(old.tree_), old.language_);
  std::string text(old_text);
  for (const auto& [span, replacement] : edits) {
    if (span.end < span.begin || span.end > text.size()) return from_scratch();
    const std::string_view before = text;
    const TSPoint start = point_behind({0, 0}, before.substr(0, span.begin));
    const TSInputEdit edit{
        span.begin,
        span.end,
        span.begin + static_cast<std::uint32_t>(replacement.size()),
        start,
        point_behind(start, before.substr(span.begin, span.size())),
        point_behind(start, replacement),
    };
    ts_tree_edit(edited.tree_, &edit);
    text.replace(span.begin, span.size(), replacement);
  }
  if (text != new_text) return from_scratch();
  return Parser().parse(old.language_, new_text, &edited);
}

}  // namespace bulkhead::syntax
