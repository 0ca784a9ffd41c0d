#include "analysis/shell/script.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "analysis/shell/heredocs.h"
#include "analysis/shell/nodes.h"
#include "analysis/shell/source_text.h"
#include "analysis/shell/word_reader.h"
#include "analysis/syntax/tree.h"
#include "analysis/text/ascii.h"

namespace bulkhead::shell {
namespace {

using syntax::Cursor;
using syntax::Node;
using syntax::Symbol;

// Of groups and substitutions; what is deeper is not read.
constexpr int max_depth = 200;
// Redirections that a command takes from the groups around it, and the bytes of the target of one.
constexpr std::size_t max_inherited = 8;
constexpr std::uint32_t max_inherited_size = 1000;

template <std::size_t size>
bool is_one_of(std::string_view text, const std::array<std::string_view, size>& all) {
  return std::ranges::find(all, text) != all.end();
}

// Commands whose failure is an answer, so that `&&` behind them is a condition.
constexpr std::array<std::string_view, 12> questions = {"test",  "grep",    "egrep",  "fgrep",
                                                        "zgrep", "command", "which",  "type",
                                                        "hash",  "id",      "getent", "cmp"};

// Builtins whose arguments are names that get a value.
constexpr std::array<std::string_view, 4> readers = {"read", "mapfile", "readarray", "getopts"};

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text[0]) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c); });
}

// A part of an and-or list that the tree does not take apart any further.
struct Element {
  Link link = Link::first;
  Node node;                    // none where there are only redirections
  std::vector<Node> redirects;  // those behind the node
  std::vector<Node> arguments;  // words that the tree puts behind or into a redirection
};

// What holds for all commands of a list.
struct Context {
  Link link = Link::first;  // of its first command
  bool conditional = false;
  bool forgiven = false;  // what did not run does not fail the script
  bool in_substitution = false;
  std::optional<std::uint32_t> pipeline = {};           // that a group around it is part of
  const std::vector<Redirection>* inherited = nullptr;  // from the groups around it
};

// What the readers of one script and of the heredocs in it share.
struct Progress {
  Script script;
  std::uint32_t pipelines = 0;
  int depth = 0;
};

class ScriptReader {
 public:
  ScriptReader(Progress& progress, SourceText whole)
      : progress_(progress), whole_(std::move(whole)) {}

  void read() {
    WithoutHeredocs taken = take_heredocs(whole_, Start::script);
    text_ = std::move(taken.text);
    heredocs_ = std::move(taken.heredocs);
    parse(text_.text());
    if (tree_) statements(tree_.root().named_children(), {}, true);
  }

  // Reads the text as the body of a heredoc; what stands in its substitutions is left to
  // substitutions().
  Word read_body(bool strips_tabs) {
    WithoutHeredocs taken = take_heredocs(whole_, Start::heredoc_body);
    text_.append("\"");
    text_.append(taken.text, {0, taken.text.size()});
    const Span body{1, text_.size()};
    text_.append("\"");
    heredocs_ = std::move(taken.heredocs);
    for (Heredoc& heredoc : heredocs_) ++heredoc.at;
    // The body is a string but for some characters, and the grammar reads strings best.
    std::string masked(text_.text());
    for (const std::uint32_t plain : taken.plain) masked[plain + 1] = '.';
    parse(masked);

    std::vector<Node> nested;
    syntax::walk(tree_.root(), [&](const Node& node) {
      if (node.symbol() == n_.string) nested_in(node, nested);
      return node.symbol() != n_.string;
    });
    for (const Node& node : nested) find_substitutions(node);
    return read_word(text_, body, nested, Reading::heredoc, strips_tabs);
  }

  // Reads the substitutions of what was read last.
  void substitutions(const Context& outer, bool is_forgiven) {
    Context context;
    context.conditional = outer.conditional;
    context.forgiven = outer.forgiven || is_forgiven;
    context.in_substitution = true;
    for (const Node& node : std::exchange(pending_, {})) {
      std::vector<Node> inside = statements_in(node);
      // $(< file)
      for (const Node& child : node.named_children()) {
        if (child.symbol() == n_.file_redirect) inside.push_back(child);
      }
      statements(inside, context, false);
    }
    for (const auto& body : std::exchange(bodies_, {})) body->substitutions(outer, is_forgiven);
  }

 private:
  // `text` has the length of text_.
  void parse(std::string_view text) {
    tree_ = syntax::parse(syntax::Language::bash, text);
    progress_.script.has_error |= !tree_ || tree_.root().has_error();
    if (tree_) variables(tree_.root());
  }

  // ---- Lists

  // Commands one after another. `is_end`: the last of them is the last of the script.
  void statements(const std::vector<Node>& all, Context context, bool is_end) {
    if (progress_.depth == max_depth) {
      progress_.script.has_error = true;
      return;
    }
    ++progress_.depth;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].symbol() == n_.comment) continue;
      list(all[i], context, is_end && i + 1 == all.size());
      context.link = Link::sequence;
    }
    --progress_.depth;
  }

  // The tree groups by its own rules (a redirection takes the whole list in front of it); the sequence
  // of operators alone says what the shell does.
  std::vector<Element> flatten(const Node& root, Link first) const {
    std::vector<Element> elements;
    Link link = first;
    bool is_open = false;  // the last element may still get redirections
    const auto current = [&]() -> Element& {
      if (!is_open) elements.push_back({link, {}, {}, {}});
      is_open = true;
      return elements.back();
    };
    const auto operate = [&](Link next) {
      link = next;
      is_open = false;
    };
    std::vector<Node> todo = {root};
    const auto open = [&](std::vector<Node> children) {
      todo.insert(todo.end(), children.rbegin(), children.rend());
    };
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      const Symbol kind = node.symbol();
      if (kind == n_.list || kind == n_.pipeline || kind == n_.redirected_statement) {
        open(node.children());
      } else if (kind == n_.and_and) {
        operate(Link::and_then);
      } else if (kind == n_.or_or) {
        operate(Link::or_else);
      } else if (kind == n_.bar || kind == n_.bar_and) {
        operate(Link::pipe);
      } else if (kind == n_.file_redirect) {
        Element& element = current();
        element.redirects.push_back(node);
        // In `> file word` the word is the command's.
        std::vector<Node> words = node.named_children();
        std::erase_if(words, [&](const Node& word) { return word.symbol() == n_.file_descriptor; });
        if (words.size() > 1)
          element.arguments.insert(element.arguments.end(), words.begin() + 1, words.end());
      } else if (kind == n_.herestring_redirect) {
        current().redirects.push_back(node);
      } else if (node.is_error() || is_statement(kind)) {
        elements.push_back({link, node, {}, {}});
        is_open = true;
        link = Link::sequence;
      } else if (node.is_named() && kind != n_.comment) {
        current().arguments.push_back(node);
      }
    }
    return elements;
  }

  bool is_statement(Symbol kind) const {
    return kind == n_.command || kind == n_.declaration_command || kind == n_.unset_command ||
           kind == n_.test_command || kind == n_.negated_command ||
           kind == n_.variable_assignment || kind == n_.variable_assignments ||
           kind == n_.subshell || kind == n_.compound_statement || kind == n_.if_statement ||
           kind == n_.for_statement || kind == n_.c_style_for_statement ||
           kind == n_.while_statement || kind == n_.case_statement ||
           kind == n_.function_definition;
  }

  // `a && b | c || d`, as the shell reads it: pipes first, then from left to right.
  void list(const Node& root, const Context& context, bool is_end) {
    const std::vector<Element> elements = flatten(root, context.link);
    std::size_t last_or = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (i > 0 && elements[i].link == Link::or_else) last_or = i;
    }
    bool was_asked = false;
    for (std::size_t first = 0; first < elements.size();) {
      std::size_t end = first + 1;
      while (end < elements.size() && elements[end].link == Link::pipe) ++end;

      Context inner = context;
      const bool is_forgiven = context.forgiven || first < last_or;
      if (first > 0) {
        const Link link = elements[first].link;
        inner.conditional = context.conditional || link == Link::or_else ||
                            (link == Link::and_then && (is_forgiven || (was_asked && !is_end)));
      }
      inner.forgiven = is_forgiven;
      // A group is a part of the pipe that it stands in; a single command has a number of its own.
      if (end - first > 1 && !inner.pipeline) inner.pipeline = progress_.pipelines++;
      for (std::size_t i = first; i < end; ++i) {
        inner.link = elements[i].link;
        element(elements[i], inner, is_end && end == elements.size());
      }
      was_asked = was_asked || asks(elements[end - 1]);
      first = end;
    }
  }

  bool asks(const Element& element) const {
    const Symbol kind = element.node.symbol();
    if (kind == n_.test_command || kind == n_.negated_command) return true;
    if (kind == n_.compound_statement) return text_.text(element.node.span()).starts_with("((");
    if (kind != n_.command) return false;
    const Node name = element.node.child("name");
    return name && is_one_of(text_.text(trimmed(text_.text(), name)), questions);
  }

  // ---- Elements

  void element(const Element& element, const Context& context, bool is_end) {
    const Node& node = element.node;
    const Symbol kind = node.symbol();
    if (node.is_error()) {
      // The shell would not begin to run it.
      Context broken = context;
      broken.conditional = true;
      statements(statements_in(node), broken, false);
      return;
    }
    if (kind == n_.negated_command) {
      for (const Node& child : node.named_children()) {
        if (!is_statement(child.symbol())) continue;
        Element inner = element;
        inner.node = child;
        this->element(inner, context, is_end);
        return;
      }
      return;
    }
    if (!node || kind == n_.command || kind == n_.declaration_command || kind == n_.unset_command ||
        kind == n_.test_command || kind == n_.variable_assignment ||
        kind == n_.variable_assignments) {
      command(element, context);
      return;
    }

    std::vector<Redirection> own;
    for (const Node& redirect : element.redirects) add_redirection(redirect, own);
    substitutions(context, true);
    const std::vector<Redirection> inherited = inherit(context, std::move(own));
    Context inner = context;
    inner.inherited = &inherited;
    if (kind == n_.if_statement) {
      branches(node, inner);
    } else if (kind == n_.case_statement) {
      cases(node, inner);
    } else if (kind == n_.subshell || kind == n_.compound_statement) {
      if (text_.text(node.span()).starts_with("((")) {
        find_substitutions(node);
        substitutions(context, true);
      } else {
        statements(statements_in(node), inner, is_end);
      }
    } else {
      loop_or_function(node, inner);
    }
  }

  // What the commands of a group take over. Each gets a copy, so that has to stay small.
  static std::vector<Redirection> inherit(const Context& context, std::vector<Redirection> own) {
    std::vector<Redirection> all;
    if (context.inherited != nullptr) all = *context.inherited;
    for (Redirection& redirection : own) {
      const bool is_small = redirection.target.span.size() <= max_inherited_size;
      if (is_small && redirection.kind != Redirection::Kind::heredoc)
        all.push_back(std::move(redirection));
    }
    if (all.size() > max_inherited) {
      all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(max_inherited));
    }
    return all;
  }

  std::vector<Node> statements_in(const Node& node) const {
    std::vector<Node> found = node.named_children();
    std::erase_if(found, [&](const Node& child) {
      const Symbol kind = child.symbol();
      return !child.is_error() && !is_statement(kind) && kind != n_.list && kind != n_.pipeline &&
             kind != n_.redirected_statement;
    });
    return found;
  }

  void branches(const Node& node, const Context& context) {
    std::vector<Node> condition;
    std::vector<Node> body;
    std::vector<Node> others;
    bool is_condition = true;
    for (const Node& child : node.children()) {
      const Symbol kind = child.symbol();
      if (kind == n_.then) is_condition = false;
      if (kind == n_.elif_clause || kind == n_.else_clause) {
        others.push_back(child);
      } else if (child.is_named()) {
        (is_condition ? condition : body).push_back(child);
      }
    }
    Context asked = context;
    asked.forgiven = true;
    statements(condition, asked, false);
    Context branch = asked;
    branch.conditional = true;
    branch.link = Link::first;
    statements(body, branch, false);
    for (const Node& clause : others) statements(statements_in(clause), branch, false);
  }

  void cases(const Node& node, Context context) {
    const Context subject = context;
    context.conditional = true;
    context.forgiven = true;
    context.link = Link::first;
    for (const Node& child : node.named_children()) {
      if (child.symbol() != n_.case_item) {
        find_substitutions(child);
        substitutions(subject, true);
        continue;
      }
      std::vector<Node> body;
      bool is_pattern = true;
      for (const Node& part : child.children()) {
        if (part.symbol() == n_.closing_parenthesis) {
          is_pattern = false;
        } else if (is_pattern) {
          find_substitutions(part);
        } else if (part.is_named()) {
          body.push_back(part);
        }
      }
      substitutions(context, true);
      statements(body, context, false);
    }
  }

  void loop_or_function(const Node& node, Context context) {
    const Context outside = context;
    context.conditional = true;
    context.forgiven = true;
    context.link = Link::first;
    const Symbol kind = node.symbol();
    for (const Node& part : node.named_children()) {
      const Symbol part_kind = part.symbol();
      if (part_kind == n_.do_group) {
        statements(statements_in(part), context, false);
      } else if (kind == n_.while_statement || part_kind == n_.compound_statement ||
                 (kind == n_.function_definition && is_statement(part_kind))) {
        statements({part}, context, false);
        if (kind == n_.while_statement) context.link = Link::sequence;
      } else {
        // What a `for` goes through.
        find_substitutions(part);
        substitutions(outside, true);
      }
    }
  }

  // ---- Commands

  void command(const Element& element, const Context& context) {
    Command command;
    command.link = context.link;
    command.conditional = context.conditional;
    command.in_substitution = context.in_substitution;
    command.pipeline = context.pipeline ? *context.pipeline : progress_.pipelines++;
    if (context.inherited != nullptr) command.redirections = *context.inherited;
    const std::size_t inherited = command.redirections.size();
    std::vector<Node> groups;

    const Node& node = element.node;
    const Symbol kind = node.symbol();
    if (kind == n_.variable_assignment) {
      add_assignment(node, command);
    } else if (kind == n_.test_command) {
      command.words = test_words(node);
    } else if (node) {
      std::vector<Node> words;
      for (const Node& child : node.children()) {
        const Symbol part = child.symbol();
        if (part == n_.file_redirect || part == n_.herestring_redirect) {
          add_redirection(child, command.redirections);
        } else if (part == n_.variable_assignment &&
                   (kind == n_.command || kind == n_.variable_assignments)) {
          add_assignment(child, command);
        } else if (part == n_.subshell) {
          groups.push_back(child);
        } else if (!child.is_error() && part != n_.comment) {
          words.push_back(child);
        }
      }
      add_words(words, command.words);
    }
    for (const Node& redirect : element.redirects) add_redirection(redirect, command.redirections);
    add_words(element.arguments, command.words);

    // The grammar takes the braces of `! { ...; }` for commands.
    const auto is_brace = [](const Word& word) {
      return word.pieces.size() == 1 && !word.pieces[0].quoted &&
             (word.pieces[0].text == "{" || word.pieces[0].text == "}");
    };
    if (!command.words.empty() && is_brace(command.words[0]))
      command.words.erase(command.words.begin());

    if (command.words.empty() && command.assignments.empty() &&
        command.redirections.size() == inherited) {
      substitutions(context, true);
      return;
    }
    const auto name = command.words.empty() ? std::nullopt : command.words[0].literal();
    if (name && is_one_of(*name, readers)) {
      for (const Word& word : std::span(command.words).subspan(1)) {
        if (const auto text = word.literal(); text && is_identifier(*text))
          progress_.script.assigned.push_back(*text);
      }
    }
    command.span = extent(command, inherited);
    const bool is_assignment = command.words.empty();
    progress_.script.commands.push_back(std::move(command));
    // The exit status of a substitution is lost, but for that of a bare assignment.
    substitutions(context, !is_assignment);
    for (const Node& group : groups) statements(statements_in(group), context, false);
  }

  static Span extent(const Command& command, std::size_t inherited) {
    Span all{UINT32_MAX, 0};
    const auto add = [&](Span span) {
      all = {std::min(all.begin, span.begin), std::max(all.end, span.end)};
    };
    for (const Assignment& assignment : command.assignments) add(assignment.span);
    for (const Word& word : command.words) add(word.span);
    for (std::size_t i = inherited; i < command.redirections.size(); ++i)
      add(command.redirections[i].span);
    return all;
  }

  void add_assignment(const Node& node, Command& command) {
    Node name = node.child("name");
    if (name.symbol() == n_.subscript) name = name.child("name");
    const Node value = node.child("value");
    Assignment assignment;
    assignment.name = text_.text(trimmed(text_.text(), name));
    const Span span = trimmed(text_.text(), node);
    assignment.span = text_.source(span);
    if (value) {
      const Span value_span = trimmed(text_.text(), value);
      assignment.append = text_.text({span.begin, value_span.begin}).ends_with("+=");
      assignment.value = read(value_span, {value}, Reading::assignment);
    } else {
      assignment.value.span = text_.source(Span{span.end, span.end});
    }
    command.assignments.push_back(std::move(assignment));
  }

  // Nodes that touch one another are one word.
  void add_words(const std::vector<Node>& parts, std::vector<Word>& words) {
    for (std::size_t i = 0; i < parts.size();) {
      Span span = trimmed(text_.text(), parts[i]);
      std::vector<Node> together = {parts[i]};
      for (++i; i < parts.size(); ++i) {
        const Span next = trimmed(text_.text(), parts[i]);
        const std::string_view between =
            next.begin >= span.end ? text_.text({span.end, next.begin}) : " ";
        if (!between.empty() && between != "\\\n") break;
        together.push_back(parts[i]);
        span.end = next.end;
      }
      if (!span.empty()) words.push_back(read(span, together, Reading::word));
    }
  }

  // `[`, the words and operators of the expression, `]`.
  std::vector<Word> test_words(const Node& node) {
    std::vector<Node> parts;
    const auto is_expression = [&](Symbol kind) {
      return kind == n_.test_command || kind == n_.binary_expression ||
             kind == n_.unary_expression || kind == n_.postfix_expression ||
             kind == n_.ternary_expression || kind == n_.parenthesized_expression;
    };
    syntax::walk(node, [&](const Node& part) {
      const bool has_parts = is_expression(part.symbol());
      if (!has_parts) parts.push_back(part);
      return has_parts;
    });
    std::vector<Word> words;
    add_words(parts, words);
    return words;
  }

  Word read(Span span, const std::vector<Node>& parts, Reading reading) {
    std::vector<Node> nested;
    for (const Node& part : parts) nested_in(part, nested);
    for (const Node& node : nested) find_substitutions(node);
    return read_word(text_, span, nested, reading);
  }

  // ---- Redirections

  void add_redirection(const Node& node, std::vector<Redirection>& redirections) {
    Redirection redirection;
    std::string_view op;
    const Heredoc* heredoc = nullptr;
    Node target;
    Span span = trimmed(text_.text(), node);
    for (const Node& child : node.children()) {
      if (child.symbol() == n_.file_descriptor) {
        redirection.descriptor = descriptor(text_.text(trimmed(text_.text(), child)));
      } else if (op.empty() && !child.is_named()) {
        op = child.kind();
        span.end = child.span().end;
        heredoc = heredoc_at(trimmed(text_.text(), child).begin);
      } else if (child.is_named() && !child.is_error() && !target) {
        target = child;
        span.end = child.span().end;
      }
    }
    if (heredoc != nullptr) {
      redirection.kind = Redirection::Kind::heredoc;
      redirection.target = read_heredoc(*heredoc);
      redirection.span = text_.source(span);
      redirections.push_back(std::move(redirection));
      return;
    }
    if (target) {
      redirection.target = read(trimmed(text_.text(), target), {target}, Reading::word);
    }
    const auto literal = redirection.target.literal().value_or("");
    using Kind = Redirection::Kind;
    if (op == "<<<") {
      redirection.kind = Kind::herestring;
    } else if (op == "<") {
      redirection.kind = Kind::input;
    } else if (op.ends_with("&-")) {
      redirection.kind = Kind::duplicate;
      const Span dash{span.end - 1, span.end};
      redirection.target = {text_.source(dash), {{Piece::Kind::literal, "-", text_.source(dash)}}};
    } else if (op == "<&" ||
               (op == ">&" && (literal.empty() ||
                               literal.find_first_not_of("0123456789-") == std::string::npos))) {
      redirection.kind = Kind::duplicate;
    } else {
      redirection.kind = op.ends_with(">>") ? Kind::append : Kind::output;
      if (op.starts_with('&') || op == ">&") redirection.descriptor = -2;
    }
    redirection.span = text_.source(span);
    redirections.push_back(std::move(redirection));
  }

  // A descriptor has few digits; what has more is none.
  static int descriptor(std::string_view digits) {
    int value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9' || value > 1000) return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  }

  // The heredoc that the '<' at `offset` was left of; null for a '<' of its own.
  const Heredoc* heredoc_at(std::uint32_t offset) const {
    const auto found = std::ranges::lower_bound(heredocs_, offset, {}, &Heredoc::at);
    return found != heredocs_.end() && found->at == offset ? &*found : nullptr;
  }

  Word read_heredoc(const Heredoc& heredoc) {
    const std::string_view lines = whole_.text(heredoc.body);
    if (!heredoc.expands || lines.find_first_of("$`") == std::string_view::npos) {
      return read_word(whole_, heredoc.body, {},
                       heredoc.expands ? Reading::heredoc : Reading::verbatim, heredoc.strips_tabs);
    }
    if (progress_.depth == max_depth) {
      progress_.script.has_error = true;
      return {whole_.source(heredoc.body), {}};
    }
    SourceText body;
    body.append(whole_, heredoc.body);
    bodies_.push_back(std::make_unique<ScriptReader>(progress_, std::move(body)));
    return bodies_.back()->read_body(heredoc.strips_tabs);
  }

  // ---- Substitutions

  // Keeps the outermost substitutions in `node` for substitutions().
  void find_substitutions(const Node& root) {
    syntax::walk(root, [&](const Node& node) {
      const bool is_found =
          node.symbol() == n_.command_substitution || node.symbol() == n_.process_substitution;
      if (is_found) pending_.push_back(node);
      return !is_found;
    });
  }

  // ---- Variables

  // All uses and the names that are assigned, wherever they stand.
  void variables(const Node& root) {
    Cursor cursor(root);
    std::vector<Symbol> parents;
    const auto name_field = syntax::field(syntax::Language::bash, "name");
    const auto variable_field = syntax::field(syntax::Language::bash, "variable");
    while (true) {
      const Node node = cursor.node();
      const Symbol kind = node.symbol();
      const Symbol parent = parents.empty() ? Symbol{0} : parents.back();
      if (kind == n_.simple_expansion || kind == n_.expansion) {
        add_use(trimmed(text_.text(), node));
      } else if (kind == n_.regex) {
        add_uses_in_pattern(node.span());
      } else if (kind == n_.variable_name) {
        const Span span = trimmed(text_.text(), node);
        if (parent == n_.declaration_command || parent == n_.unset_command ||
            (parent == n_.variable_assignment && cursor.field() == name_field) ||
            (parent == n_.subscript && parents.size() > 1 &&
             parents[parents.size() - 2] == n_.variable_assignment) ||
            (parent == n_.for_statement && cursor.field() == variable_field)) {
          progress_.script.assigned.emplace_back(text_.text(span));
        } else if (is_arithmetic(parent)) {
          progress_.script.uses.push_back({std::string(text_.text(span)), text_.source(span)});
        }
      }
      if (cursor.to_first_child()) {
        parents.push_back(kind);
        continue;
      }
      while (!cursor.to_next_sibling()) {
        if (!cursor.to_parent()) return;
        parents.pop_back();
      }
    }
  }

  // Whether a bare name below a node of this kind is read as a variable.
  bool is_arithmetic(Symbol kind) const {
    return kind == n_.arithmetic_expansion || kind == n_.binary_expression ||
           kind == n_.unary_expression || kind == n_.postfix_expression ||
           kind == n_.ternary_expression || kind == n_.parenthesized_expression ||
           kind == n_.compound_statement;
  }

  void add_use(Span span) {
    Variable variable = read_variable(text_.text(span));
    if (variable.name.empty()) return;
    if (variable.operation.starts_with('=') || variable.operation.starts_with(":=")) {
      progress_.script.assigned.push_back(variable.name);
    }
    progress_.script.uses.push_back(
        {std::move(variable.name), text_.source(span), std::move(variable.operation)});
  }

  // The grammar does not look into patterns, as in ${a%$b}.
  void add_uses_in_pattern(Span span) {
    for (std::uint32_t at = span.begin; at + 1 < span.end; ++at) {
      const std::string_view rest = text_.text({at, span.end});
      if (rest[0] == '\\') ++at;
      if (rest[0] != '$') continue;
      std::size_t size = 1;
      if (rest[1] == '{') {
        size = rest.find('}');
        if (size == std::string_view::npos) return;
        ++size;
      } else if (is_letter(rest[1])) {
        while (size < rest.size() && (is_letter(rest[size]) || is_digit(rest[size]))) ++size;
      }
      if (size > 1) add_use({at, at + static_cast<std::uint32_t>(size)});
      at += static_cast<std::uint32_t>(size) - 1;
    }
  }

  Progress& progress_;
  SourceText whole_;
  SourceText text_;  // what is parsed
  std::vector<Heredoc> heredocs_;
  syntax::Tree tree_;
  std::vector<Node> pending_;                          // substitutions
  std::vector<std::unique_ptr<ScriptReader>> bodies_;  // heredocs with substitutions
  const Nodes& n_ = nodes();
};

}  // namespace

std::optional<std::string> Word::literal() const {
  std::string text;
  for (const Piece& piece : pieces) {
    if (piece.kind != Piece::Kind::literal) return std::nullopt;
    text += piece.text;
  }
  return text;
}

std::string Word::display() const {
  std::string text;
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::variable) {
      text += "${" + piece.text + piece.operation + "}";
    } else {
      text += piece.text;
    }
  }
  return text;
}

Script parse(std::string_view source, std::span<const Span> ranges) {
  Progress progress;
  ScriptReader(progress, SourceText(source, ranges)).read();
  Script& script = progress.script;
  // Those in heredocs were found ahead of their turn.
  std::ranges::stable_sort(script.uses, {}, [](const VariableUse& use) { return use.span.begin; });
  std::ranges::sort(script.assigned);
  const auto [first, last] = std::ranges::unique(script.assigned);
  script.assigned.erase(first, last);
  return std::move(script);
}

}  // namespace bulkhead::shell
