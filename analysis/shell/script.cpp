#include "analysis/shell/script.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "analysis/shell/commands/interpreters.h"
#include "analysis/shell/commands/options.h"
#include "analysis/shell/commands/package_managers.h"
#include "analysis/shell/commands/wrappers.h"
#include "analysis/shell/heredocs.h"
#include "analysis/shell/nodes.h"
#include "analysis/shell/shell_state.h"
#include "analysis/shell/source_text.h"
#include "analysis/shell/word_reader.h"
#include "analysis/syntax/tree.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

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

// Behind so many commands that calls of functions have brought, further calls bring none: functions that
// call one another twice each would bring more than can be read.
constexpr std::size_t max_called = 10'000;
constexpr int max_directories = 64;  // `cd` behind `cd`, each relative to the one before

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

bool is_identifier(std::string_view text) {
  return !text.empty() && is_name_start(text[0]) && std::ranges::all_of(text, is_name_character);
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

// Where a word stands among the nodes of its command.
struct Place {
  Span span;  // in the parsed text
  std::size_t first = 0;
  std::size_t end = 0;
};

// What the readers of one script and of the texts in it share.
struct Progress {
  syntax::Parser& parser;
  Script script = {};
  ShellState state = {};
  std::uint32_t pipelines = 0;
  int depth = 0;
  bool in_text = false;
  std::size_t called = 0;  // commands that calls of functions have brought
};

Word literal_word(std::string text) {
  Word word;
  word.pieces.push_back({Piece::Kind::literal, std::move(text), {}, true});
  return word;
}

class ScriptReader {
 public:
  ScriptReader(Progress& progress, SourceText whole)
      : progress_(progress), whole_(std::move(whole)) {}

  void read(const Context& context) {
    if (whole_.text().find("<<") == std::string_view::npos) {
      text_ = std::move(whole_);
    } else {
      WithoutHeredocs taken = take_heredocs(whole_, Start::script);
      text_ = std::move(taken.text);
      heredocs_ = std::move(taken.heredocs);
    }
    parse(text_.text());
    if (tree_) statements(tree_.root().named_children(), context, true);
  }

  void read_exec(std::span<const ExecWord> words) {
    Command command;
    for (const ExecWord& word : words) {
      command.words.push_back(
          {word.span,
           {{Piece::Kind::literal, std::string(word.text.text()), word.span, true, {}, {}}}});
    }
    command.span = {words.front().span.begin, words.back().span.end};
    progress_.pipelines = 1;
    progress_.script.commands.push_back(std::move(command));
    look_inside(0, {}, nullptr, [&](std::size_t word) { return std::optional(words[word].text); });
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
    return annotated(read_word(text_, body, nested, Reading::heredoc, strips_tabs));
  }

  // Reads the substitutions of what was read last.
  void substitutions(const Context& outer, bool is_forgiven) {
    Context context;
    context.conditional = outer.conditional;
    context.forgiven = outer.forgiven || is_forgiven;
    context.in_substitution = true;
    for (const Node& node : std::exchange(pending_, {})) {
      const ShellState::Mark mark = state().mark();
      std::vector<Node> inside = statements_in(node);
      // $(< file)
      for (const Node& child : syntax::named_children(node)) {
        if (child.symbol() == n_.file_redirect) inside.push_back(child);
      }
      statements(inside, context, false);
      state().take_back(mark);
    }
    for (const auto& body : std::exchange(bodies_, {})) body->substitutions(outer, is_forgiven);
  }

 private:
  ShellState& state() { return progress_.state; }

  // `text` has the length of text_.
  void parse(std::string_view text) {
    tree_ = progress_.parser.parse(syntax::Language::bash, text);
    progress_.script.has_error |= !tree_ || tree_.root().has_error();
    if (tree_ && may_name_variables(text)) variables(tree_.root());
  }

  static bool may_name_variables(std::string_view text) {
    constexpr CharacterSet marks("$`=(");
    constexpr std::string_view keywords[] = {"for",     "select",  "export", "unset",
                                             "declare", "typeset", "local",  "readonly"};
    return marks.find_in(text) != text.npos ||
           std::ranges::any_of(keywords, [&](auto word) { return text.find(word) != text.npos; });
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
    std::vector<Node> todo;
    todo.reserve(8);
    todo.push_back(root);
    const auto open = [&](const Node& node) {
      const auto size = static_cast<std::ptrdiff_t>(todo.size());
      for (const Node& child : syntax::Children(node)) todo.push_back(child);
      std::reverse(todo.begin() + size, todo.end());
    };
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      const Symbol kind = node.symbol();
      if (kind == n_.list || kind == n_.pipeline || kind == n_.redirected_statement) {
        open(node);
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
        bool is_target = true;
        for (const Node& word : syntax::named_children(node)) {
          if (word.symbol() == n_.file_descriptor) continue;
          if (!std::exchange(is_target, false)) element.arguments.push_back(word);
        }
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
    bool is_perhaps = false;  // a part of it may not have run
    std::optional<ShellState::Mark> start;
    if (elements.size() > 1) start = state().mark();
    for (std::size_t first = 0; first < elements.size();) {
      std::size_t end = first + 1;
      while (end < elements.size() && elements[end].link == Link::pipe) ++end;

      Context inner = context;
      const bool is_forgiven = context.forgiven || first < last_or;
      const Link link = elements[first].link;
      const bool is_else = first > 0 && link == Link::or_else;
      if (first > 0) {
        const bool is_then = link == Link::and_then && (is_forgiven || (was_asked && !is_end));
        is_perhaps |= is_then;
        inner.conditional = context.conditional || is_else || is_then;
      }
      inner.forgiven = is_forgiven;
      // A group is a part of the pipe that it stands in; a single command has a number of its own.
      if (end - first > 1 && !inner.pipeline) inner.pipeline = progress_.pipelines++;
      std::optional<ShellState::Mark> before;
      if (is_else) before = state().mark();
      for (std::size_t i = first; i < end; ++i) {
        inner.link = elements[i].link;
        // Each part of a pipe is a shell of its own.
        std::optional<ShellState::Mark> fork;
        if (end - first > 1) fork = state().mark();
        element(elements[i], inner, is_end && end == elements.size());
        if (fork) state().take_back(*fork);
      }
      if (before) state().blur(*before);
      if (end < elements.size()) was_asked = was_asked || asks(elements[end - 1]);
      first = end;
    }
    if (is_perhaps) state().blur(*start);
  }

  bool asks(const Element& element) const {
    const Symbol kind = element.node.symbol();
    if (kind == n_.test_command || kind == n_.negated_command) return true;
    if (kind == n_.compound_statement) return text_.text(element.node.span()).starts_with("((");
    if (kind != n_.command) return false;
    const Node name = element.node.child(n_.name_field);
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
      const ShellState::Mark mark = state().mark();
      statements(statements_in(node), broken, false);
      state().blur(mark);
      return;
    }
    if (kind == n_.negated_command) {
      for (const Node& child : syntax::named_children(node)) {
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
        std::optional<ShellState::Mark> fork;
        if (kind == n_.subshell) fork = state().mark();
        statements(statements_in(node), inner, is_end);
        if (fork) state().take_back(*fork);
      }
    } else if (kind == n_.function_definition) {
      define(node);
    } else {
      loop(node, inner);
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
    std::vector<Node> found;
    for (const Node& child : syntax::named_children(node)) {
      const Symbol kind = child.symbol();
      if (child.is_error() || is_statement(kind) || kind == n_.list || kind == n_.pipeline ||
          kind == n_.redirected_statement)
        found.push_back(child);
    }
    return found;
  }

  // Of several ways to go on, one is gone at most.
  class Alternatives {
   public:
    explicit Alternatives(ShellState& state) : state_(state), start_(state.mark()) {}
    Alternatives(const Alternatives&) = delete;
    Alternatives& operator=(const Alternatives&) = delete;
    ~Alternatives() {
      next();
      for (const std::string& name : changed_) state_.forget(name);
      for (const ShellState::Settings& settings : ends_) state_.join(settings);
    }
    // Goes back to where all of them begin.
    void next() {
      for (std::string& name : state_.changed(start_)) changed_.push_back(std::move(name));
      ends_.push_back(state_.settings);
      state_.take_back(start_);
    }

   private:
    ShellState& state_;
    ShellState::Mark start_;
    std::vector<std::string> changed_;
    std::vector<ShellState::Settings> ends_;
  };

  void branches(const Node& node, const Context& context) {
    std::vector<Node> condition;
    std::vector<Node> body;
    std::vector<Node> others;
    bool is_condition = true;
    for (const Node& child : syntax::Children(node)) {
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
    Alternatives alternatives(state());
    alternatives.next();
    statements(body, branch, false);
    for (const Node& clause : others) {
      alternatives.next();
      statements(statements_in(clause), branch, false);
    }
  }

  void cases(const Node& node, Context context) {
    const Context subject = context;
    context.conditional = true;
    context.forgiven = true;
    context.link = Link::first;
    Alternatives alternatives(state());
    for (const Node& child : syntax::named_children(node)) {
      if (child.symbol() != n_.case_item) {
        find_substitutions(child);
        substitutions(subject, true);
        continue;
      }
      alternatives.next();
      std::vector<Node> body;
      bool is_pattern = true;
      for (const Node& part : syntax::Children(child)) {
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

  void loop(const Node& node, Context context) {
    const Context outside = context;
    context.conditional = true;
    context.forgiven = true;
    context.link = Link::first;
    forget_changes_in(node);
    const ShellState::Mark mark = state().mark();
    const Symbol kind = node.symbol();
    for (const Node& part : syntax::named_children(node)) {
      const Symbol part_kind = part.symbol();
      if (part_kind == n_.do_group) {
        statements(statements_in(part), context, false);
      } else if (kind == n_.while_statement || part_kind == n_.compound_statement) {
        statements({part}, context, false);
        if (kind == n_.while_statement) context.link = Link::sequence;
      } else {
        // What a `for` goes through.
        find_substitutions(part);
        substitutions(outside, true);
      }
    }
    state().blur(mark);
  }

  // What a loop does is there when it comes round.
  void forget_changes_in(const Node& node) {
    const Span span = node.span();
    auto change = std::ranges::lower_bound(assignments_, span.begin, {}, &Change::offset);
    for (; change != assignments_.end() && change->offset < span.end; ++change)
      state().forget(change->name);
    const std::string_view text = text_.text(span);
    const auto has = [&](std::string_view part) { return text.find(part) != text.npos; };
    if (!functions_.empty() || has("read") || has("getopts") || has("printf") || has("eval"))
      state().forget_all();
    if (!functions_.empty() || has("cd") || has("pushd") || has("popd"))
      state().change_directory(ShellState::unknown_directory());
  }

  // ---- Functions

  void define(const Node& node) {
    const Node name = node.child(n_.name_field);
    const Node body = node.child(n_.body_field);
    if (name && body) functions_[std::string(text_.text(trimmed(text_.text(), name)))] = body;
  }

  // Reads the body of the function that the command of that index calls.
  void call(const std::string& name, const Node& body, std::size_t index, const Context& context) {
    const bool is_called = std::ranges::find(calls_, name) != calls_.end();
    if (is_called || progress_.called > max_called) return;
    std::vector<Redirection> own = own_redirections(index, context);
    const std::vector<Redirection> inherited = inherit(context, std::move(own));
    Context inner = context;
    inner.link = Link::first;
    inner.inherited = &inherited;

    constexpr std::size_t digits = 10;
    std::array<ShellState::Value, digits> outer;
    const std::vector<Word> words = progress_.script.commands[index].words;
    for (std::size_t i = 1; i < digits; ++i) {
      outer[i] = state().get(std::to_string(i));
      state().set(std::to_string(i),
                  std::make_shared<const Word>(i < words.size() ? words[i] : Word{}));
    }
    calls_.push_back(name);
    const std::size_t before = progress_.script.commands.size();
    statements({body}, inner, false);
    progress_.called += progress_.script.commands.size() - before;
    calls_.pop_back();
    for (std::size_t i = 1; i < digits; ++i) state().set(std::to_string(i), std::move(outer[i]));
  }

  std::vector<Redirection> own_redirections(std::size_t index, const Context& context) const {
    const std::vector<Redirection>& all = progress_.script.commands[index].redirections;
    const std::size_t inherited = context.inherited != nullptr ? context.inherited->size() : 0;
    return {all.begin() + static_cast<std::ptrdiff_t>(inherited), all.end()};
  }

  // ---- Commands

  void command(const Element& element, const Context& context) {
    Command command;
    command.link = context.link;
    command.conditional = context.conditional;
    command.in_substitution = context.in_substitution;
    command.pipeline = context.pipeline ? *context.pipeline : progress_.pipelines++;
    command.in_text = progress_.in_text;
    command.errexit = state().settings.errexit;
    command.pipefail = state().settings.pipefail;
    command.directory = state().settings.directory;
    command.umask = state().settings.umask;
    command.user = state().settings.user;
    heredoc_ = nullptr;
    if (context.inherited != nullptr) command.redirections = *context.inherited;
    const std::size_t inherited = command.redirections.size();
    std::vector<Node> groups;
    std::vector<Node> words;
    std::vector<Place> places;  // those of command.words

    const Node& node = element.node;
    const Symbol kind = node.symbol();
    const bool is_bare = kind != n_.command && element.arguments.empty();
    if (kind == n_.variable_assignment) {
      add_assignment(node, command, is_bare);
    } else if (kind == n_.test_command) {
      command.words = test_words(node);
    } else if (node) {
      words.reserve(8);
      for (const Node& child : syntax::Children(node)) {
        const Symbol part = child.symbol();
        if (part == n_.file_redirect || part == n_.herestring_redirect) {
          add_redirection(child, command.redirections);
        } else if (part == n_.variable_assignment &&
                   (kind == n_.command || kind == n_.variable_assignments)) {
          add_assignment(child, command, is_bare);
        } else if (part == n_.subshell) {
          groups.push_back(child);
        } else if (!child.is_error() && part != n_.comment) {
          words.push_back(child);
        }
      }
    }
    for (const Node& redirect : element.redirects) add_redirection(redirect, command.redirections);
    words.insert(words.end(), element.arguments.begin(), element.arguments.end());
    add_words(words, command.words, places);

    // The grammar takes the braces of `! { ...; }` for commands.
    const auto is_brace = [](const Word& word) {
      return word.pieces.size() == 1 && !word.pieces[0].quoted &&
             (word.pieces[0].text == "{" || word.pieces[0].text == "}");
    };
    if (!command.words.empty() && is_brace(command.words[0])) {
      command.words.erase(command.words.begin());
      if (!places.empty()) places.erase(places.begin());
    }

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
    const Heredoc* const heredoc = heredoc_;
    const std::size_t index = progress_.script.commands.size();
    progress_.script.commands.push_back(std::move(command));
    // The exit status of a substitution is lost, but for that of a bare assignment.
    substitutions(context, !is_assignment);
    for (const Node& group : groups) statements(statements_in(group), context, false);
    if (!name) return;
    if (const auto function = functions_.find(*name); function != functions_.end()) {
      call(*name, function->second, index, context);
      return;
    }
    if (kind == n_.declaration_command) {
      declare(*name, node);
    } else {
      change_state(*name, progress_.script.commands[index].words);
    }
    look_inside(index, context, heredoc, [&](std::size_t word) -> std::optional<SourceText> {
      if (word >= places.size()) return std::nullopt;
      std::vector<Node> nested;
      for (std::size_t i = places[word].first; i < places[word].end; ++i)
        nested_in(words[i], nested);
      return text_of_word(text_, places[word].span, nested, Reading::word);
    });
  }

  // ---- What commands do to the shell

  void change_state(std::string_view name, const std::vector<Word>& words) {
    ShellState::Settings& settings = state().settings;
    if (name == "cd" || name == "pushd") {
      change_directory(name, words);
    } else if (name == "popd") {
      if (settings.stack.empty()) {
        state().change_directory(ShellState::unknown_directory());
      } else {
        state().change_directory(settings.stack.back());
        settings.stack.pop_back();
      }
    } else if (name == "set") {
      set_options(words);
    } else if (name == "umask" && words.size() > 1) {
      settings.umask = std::make_shared<const Word>(words.back());
    } else if (name == "unset" || is_one_of(name, readers)) {
      for (const Word& word : std::span(words).subspan(1)) {
        const auto text = word.literal();
        text ? state().forget(*text) : state().forget_all();
      }
    } else if (name == "printf" && words.size() > 2 && words[1].literal() == "-v") {
      const auto text = words[2].literal();
      text ? state().forget(*text) : state().forget_all();
    } else if (name == "let") {
      state().forget_all();
    }
  }

  void change_directory(std::string_view name, const std::vector<Word>& words) {
    std::size_t at = 1;
    const auto text = [&] { return at < words.size() ? words[at].literal() : std::nullopt; };
    while (text() && text()->size() > 1 && text()->starts_with('-')) ++at;
    ShellState::Settings& settings = state().settings;
    // Without a word it is $HOME, or for pushd the top of the stack.
    if (at >= words.size()) {
      settings.stack.clear();
      return state().change_directory(ShellState::unknown_directory());
    }
    if (text() == "-") return state().change_directory(settings.previous);
    const Word& target = words[at];
    const bool is_absolute = !target.pieces.empty() &&
                             target.pieces[0].kind == Piece::Kind::literal &&
                             target.pieces[0].text.starts_with('/');
    if (name == "pushd") {
      settings.stack.push_back(settings.directory);
      if (settings.stack.size() > 16) settings.stack.clear();
    }
    int depth = 0;
    for (auto from = settings.directory.get(); from != nullptr && !is_absolute;
         from = from->from.get()) {
      ++depth;
    }
    state().change_directory(depth > max_directories
                                 ? ShellState::unknown_directory()
                                 : std::make_shared<const Directory>(Directory{
                                       target, is_absolute ? nullptr : settings.directory}));
  }

  // set -euxo pipefail, set +e, set -o errexit
  void set_options(const std::vector<Word>& words) {
    ShellState::Settings& settings = state().settings;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const auto text = words[i].literal();
      if (!text) {
        settings.errexit = settings.pipefail = Certainty::unknown;
        return;
      }
      if (text->size() < 2 || (text->front() != '-' && text->front() != '+') || *text == "--")
        return;
      const Certainty value = text->front() == '-' ? Certainty::yes : Certainty::no;
      for (const char letter : text->substr(1)) {
        if (letter == 'e') settings.errexit = value;
        if (letter != 'o' || i + 1 == words.size()) continue;
        const auto option = words[++i].literal();
        if (option == "errexit") settings.errexit = value;
        if (option == "pipefail") settings.pipefail = value;
      }
    }
  }

  // export, declare, typeset, local, readonly
  void declare(std::string_view command, const Node& node) {
    bool is_plain = true;  // no option that makes of the value something else
    bool is_export = command == "export";
    for (const Node& child : syntax::named_children(node)) {
      const std::string_view text = text_.text(trimmed(text_.text(), child));
      if (child.symbol() == n_.variable_assignment) {
        Command holder;
        Node name = child.child(n_.name_field);
        if (name.symbol() == n_.subscript) is_plain = false;
        const std::vector<Node> kept = pending_;
        add_assignment(child, holder, is_plain);
        pending_ = kept;  // they have been read with the words
        const std::string& assigned = holder.assignments[0].name;
        if (!is_plain) state().forget(assigned);
        if (is_export) state().export_name(assigned);
      } else if (child.symbol() == n_.variable_name) {
        if (is_export) state().export_name(std::string(text));
        if (command == "local") state().forget(std::string(text));
      } else if (text.starts_with('-')) {
        is_export |= text.find('x') != text.npos && command != "export";
        is_plain = text.find_first_not_of("-xrgp") == text.npos;
        if (command == "export" && text.find('n') != text.npos) is_export = false;
      } else if (const std::size_t equals = text.find('='); equals != text.npos) {
        // "NAME=value" in quotes.
        const std::size_t begin = text.find_first_not_of("\"'");
        if (begin < equals) state().forget(std::string(text.substr(begin, equals - begin)));
      }
    }
  }

  // ---- Texts that are scripts

  // Whether one of the words may be a program that runs a text.
  static bool may_run_text(const std::vector<Word>& words) {
    return std::ranges::any_of(words, [](const Word& word) {
      if (word.pieces.size() != 1 || word.pieces[0].kind != Piece::Kind::literal) return false;
      const std::string_view text = word.pieces[0].text;
      return text.ends_with("sh") || text == "su" || text == "runuser" || text == "eval";
    });
  }

  // Reads the script that the command of that index gives to a shell: a word, whose text `text_of` knows
  // by the word's index, or its heredoc.
  template <class TextOf>
  void look_inside(std::size_t index, const Context& context, const Heredoc* heredoc,
                   const TextOf& text_of) {
    const std::vector<Word>& words = progress_.script.commands[index].words;
    if (!may_run_text(words)) return;
    std::vector<Argument> texts;
    for (const Word& word : words) texts.push_back(word.literal());
    const Wrapped wrapped = unwrap(texts);
    if (wrapped.program >= texts.size() || !texts[wrapped.program]) return;
    const std::string_view program = *texts[wrapped.program];
    const std::size_t first = wrapped.program + 1;
    const auto call =
        interpreter_call(program.substr(program.rfind('/') + 1), std::span(texts).subspan(first));
    if (!call || call->language != InterpreterCall::Language::posix_shell) return;

    std::optional<SourceText> script;
    if (call->source == InterpreterCall::Source::text) {
      script = text_of(first + call->argument);
    } else if (call->source == InterpreterCall::Source::input && heredoc != nullptr) {
      script = text_of_heredoc(*heredoc);
    }
    if (!script || script->size() <= call->offset) return;
    if (call->offset > 0) {
      SourceText rest;
      rest.append(*script, {static_cast<std::uint32_t>(call->offset), script->size()});
      script = std::move(rest);
    }

    const std::vector<Redirection> inherited = inherit(context, own_redirections(index, context));
    Context inner = context;
    inner.link = Link::first;
    inner.inherited = &inherited;
    const ShellState::Mark mark = state().mark();
    ShellState::Settings& settings = state().settings;
    if (call->own_process) {
      ++settings.process;
      settings.errexit = call->errexit ? Certainty::yes : Certainty::no;
      settings.pipefail = call->pipefail ? Certainty::yes : Certainty::no;
      settings.stack.clear();
      for (const Assignment& assignment : progress_.script.commands[index].assignments) {
        state().set(assignment.name, std::make_shared<const Word>(assignment.value));
      }
    }
    if (wrapped.changes_user || call->changes_user) {
      const Argument& user = call->changes_user ? call->user : wrapped.user;
      settings.user =
          user ? std::make_shared<const Word>(literal_word(*user)) : ShellState::unknown_word();
    }
    const bool was_in_text = std::exchange(progress_.in_text, true);
    ScriptReader(progress_, std::move(*script)).read(inner);
    progress_.in_text = was_in_text;
    if (call->own_process) state().take_back(mark);
  }

  // What a program reads from a heredoc; variables stay as written. None where a substitution makes a part
  // of it.
  std::optional<SourceText> text_of_heredoc(const Heredoc& heredoc) const {
    const std::string_view text = whole_.text(heredoc.body);
    if (!heredoc.expands)
      return text_of_word(whole_, heredoc.body, {}, Reading::verbatim, heredoc.strips_tabs);
    if (text.find("$(") != text.npos || text.find('`') != text.npos) return std::nullopt;
    return text_of_word(whole_, heredoc.body, {}, Reading::heredoc, heredoc.strips_tabs);
  }

  // ---- Words

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

  // `is_bare`: no command follows, so that the shell itself gets the value.
  void add_assignment(const Node& node, Command& command, bool is_bare) {
    Node name = node.child(n_.name_field);
    if (name.symbol() == n_.subscript) name = name.child(n_.name_field);
    const Node value = node.child(n_.value_field);
    Assignment assignment;
    assignment.name = text_.text(trimmed(text_.text(), name));
    const Span span = trimmed(text_.text(), node);
    assignment.span = text_.source(span);
    if (value) {
      const Span value_span = trimmed(text_.text(), value);
      assignment.append = text_.text({span.begin, value_span.begin}).ends_with("+=");
      assignment.value = read(value_span, std::span(&value, 1), Reading::assignment);
    } else {
      assignment.value.span = text_.source(Span{span.end, span.end});
    }
    if (is_bare) assign(assignment, node.child(n_.name_field).symbol() == n_.subscript);
    command.assignments.push_back(std::move(assignment));
  }

  void assign(const Assignment& assignment, bool is_element) {
    if (is_element) return state().forget(assignment.name);
    Word value = assignment.value;
    if (assignment.append) {
      Piece before{Piece::Kind::variable, assignment.name, assignment.span, true};
      before.assigned = state().get(assignment.name);
      value.pieces.insert(value.pieces.begin(), std::move(before));
    }
    state().set(assignment.name, std::make_shared<const Word>(std::move(value)));
  }

  // Nodes that touch one another are one word.
  void add_words(const std::vector<Node>& parts, std::vector<Word>& words,
                 std::vector<Place>& places) {
    words.reserve(words.size() + parts.size());
    places.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size();) {
      Span span = trimmed(text_.text(), parts[i]);
      const std::size_t first = i;
      for (++i; i < parts.size(); ++i) {
        const Span next = trimmed(text_.text(), parts[i]);
        const std::string_view between =
            next.begin >= span.end ? text_.text({span.end, next.begin}) : " ";
        if (!between.empty() && between != "\\\n") break;
        span.end = next.end;
      }
      if (span.empty()) continue;
      words.push_back(read(span, std::span(parts).subspan(first, i - first), Reading::word));
      places.push_back({span, first, i});
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
    std::vector<Place> places;
    add_words(parts, words, places);
    return words;
  }

  Word read(Span span, std::span<const Node> parts, Reading reading) {
    // Most words are nothing but text.
    constexpr CharacterSet marks("\"'$`\\~*?[{(");
    const std::string_view text = text_.text(span);
    if (!text.empty() && marks.find_in(text) == std::string_view::npos) {
      const Span place = text_.source(span);
      return {place, {{Piece::Kind::literal, std::string(text), place}}};
    }
    std::vector<Node> nested;
    for (const Node& part : parts) nested_in(part, nested);
    for (const Node& node : nested) find_substitutions(node);
    return annotated(read_word(text_, span, nested, reading));
  }

  // With what the script itself has given to the variables in it.
  Word annotated(Word word) {
    for (Piece& piece : word.pieces) {
      if (piece.kind == Piece::Kind::variable) piece.assigned = state().get(piece.text);
    }
    return word;
  }

  // ---- Redirections

  void add_redirection(const Node& node, std::vector<Redirection>& redirections) {
    Redirection redirection;
    std::string_view op;
    const Heredoc* heredoc = nullptr;
    Node target;
    Span span = trimmed(text_.text(), node);
    for (const Node& child : syntax::Children(node)) {
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
      if (redirection.descriptor <= 0) heredoc_ = heredoc;
      redirection.target = read_heredoc(*heredoc);
      redirection.span = text_.source(span);
      redirections.push_back(std::move(redirection));
      return;
    }
    if (target) {
      redirection.target =
          read(trimmed(text_.text(), target), std::span(&target, 1), Reading::word);
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
    struct Parent {
      Symbol kind;
      std::uint32_t last;  // the children behind it have no variable
    };
    Cursor cursor(root);
    std::vector<Parent> parents;
    while (true) {
      const Node node = cursor.node();
      const Symbol kind = node.symbol();
      const Symbol parent = parents.empty() ? Symbol{0} : parents.back().kind;
      if (kind == n_.simple_expansion || kind == n_.expansion) {
        add_use(trimmed(text_.text(), node));
      } else if (kind == n_.regex) {
        add_uses_in_pattern(node.span());
      } else if (kind == n_.variable_name) {
        const Span span = trimmed(text_.text(), node);
        if (parent == n_.declaration_command || parent == n_.unset_command ||
            (parent == n_.variable_assignment && cursor.field() == n_.name_field) ||
            (parent == n_.subscript && parents.size() > 1 &&
             parents[parents.size() - 2].kind == n_.variable_assignment) ||
            (parent == n_.for_statement && cursor.field() == n_.variable_field)) {
          progress_.script.assigned.emplace_back(text_.text(span));
          assignments_.push_back({span.begin, std::string(text_.text(span))});
        } else if (is_arithmetic(parent)) {
          progress_.script.uses.push_back({std::string(text_.text(span)), text_.source(span)});
          // ((name++)) may change it.
          state().never_know(progress_.script.uses.back().name);
        }
      }
      Span inside = node.span();
      Span place = inside;
      if (kind == n_.command || kind == n_.string || kind == n_.concatenation) {
        // Most of their parts have none, and are most of the tree.
        constexpr CharacterSet marks("$`=(");
        const std::string_view text = text_.text(inside);
        const auto first = static_cast<std::uint32_t>(std::min(marks.find_in(text), text.size()));
        place = {inside.begin + first,
                 inside.begin + static_cast<std::uint32_t>(marks.rfind_in(text))};
      } else {
        place.end = UINT32_MAX;
      }
      if (place.begin < inside.end && node.has_children() && cursor.to_first_child(place.begin)) {
        parents.push_back({kind, place.end});
        continue;
      }
      while (parents.empty() || inside.end > parents.back().last || !cursor.to_next_sibling()) {
        if (!cursor.to_parent()) return;
        parents.pop_back();
        inside = cursor.node().span();
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
      state().never_know(variable.name);
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
      } else if (is_name_start(rest[1])) {
        while (size < rest.size() && is_name_character(rest[size])) ++size;
      }
      if (size > 1) add_use({at, at + static_cast<std::uint32_t>(size)});
      at += static_cast<std::uint32_t>(size) - 1;
    }
  }

  struct Change {
    std::uint32_t offset = 0;  // in text_
    std::string name;
  };

  Progress& progress_;
  SourceText whole_;
  SourceText text_;  // what is parsed
  std::vector<Heredoc> heredocs_;
  syntax::Tree tree_;
  std::vector<Node> pending_;                          // substitutions
  std::vector<std::unique_ptr<ScriptReader>> bodies_;  // heredocs with substitutions
  const Heredoc* heredoc_ = nullptr;                   // that the command reads
  std::vector<Change> assignments_;                    // in order
  std::unordered_map<std::string, Node> functions_;    // their bodies
  std::vector<std::string> calls_;                     // of functions that are being read
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

namespace {

// `pip install uvicorn[standard]`: a pattern to the shell, which leaves one that no file matches as it is.
void keep_extras(Command& command) {
  const auto is_python = [](const Word& word) {
    const std::string name = word.literal().value_or("");
    const PackageManager* manager = find_package_manager(name.substr(name.rfind('/') + 1));
    return manager != nullptr && is_listed(manager->name, "pip pipx uv poetry pipenv");
  };
  const auto is_extras = [](const Piece& piece) {
    return piece.kind == Piece::Kind::glob && piece.text.starts_with('[') &&
           piece.text.find_first_of("]*?~{") == piece.text.size() - 1;
  };
  std::optional<bool> counts;
  for (auto word = command.words.begin(); word != command.words.end(); ++word) {
    for (Piece& piece : word->pieces) {
      if (&piece == word->pieces.data() || !is_extras(piece)) continue;
      if (!counts) counts = std::any_of(command.words.begin(), word, is_python);
      if (*counts) piece.kind = Piece::Kind::literal;
    }
  }
}

// Names the program that the command runs in the end, as far as the script says it.
void name_program(Command& command) {
  if (command.words.empty()) return;
  keep_extras(command);
  std::vector<Argument> words{command.words.front().literal()};
  if (!words.front()) return;
  std::size_t program = 0;
  if (is_wrapper(*words.front())) {
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      words.push_back(command.words[i].literal());
      if (!words.back()) return;
    }
    program = std::min(unwrap(words).program, words.size());
  }
  command.program = program;
  if (program == words.size()) return;
  command.name = words[program]->substr(words[program]->rfind('/') + 1);
  std::vector<Argument> arguments;
  arguments.reserve(command.words.size() - program - 1);
  for (const Word& word : std::span(command.words).subspan(program + 1)) {
    if (std::ranges::find(word.pieces, Piece::Kind::variable, &Piece::kind) != word.pieces.end())
      return;
    arguments.push_back(word.literal());
  }
  command.call = std::make_shared<const Call>(call_of(command.name, std::move(arguments)));
}

Script finish(Progress& progress) {
  Script& script = progress.script;
  for (Command& command : script.commands) name_program(command);
  // Those in heredocs were found ahead of their turn, and those in texts twice.
  const auto place = [](const VariableUse& use) { return std::tie(use.span.begin, use.span.end); };
  std::ranges::stable_sort(script.uses, {}, place);
  const auto twice =
      std::ranges::unique(script.uses, [&](const VariableUse& a, const VariableUse& b) {
        return place(a) == place(b) && a.name == b.name;
      });
  script.uses.erase(twice.begin(), twice.end());
  std::ranges::sort(script.assigned);
  const auto [first, last] = std::ranges::unique(script.assigned);
  script.assigned.erase(first, last);
  return std::move(script);
}

}  // namespace

Call call_of(std::string_view program, std::vector<Argument> arguments) {
  auto packages = package_call(program, arguments);
  auto accounts = account_changes(program, arguments);
  return {std::move(arguments), std::move(packages), std::move(accounts)};
}

Script parse(syntax::Parser& parser, std::string_view source, std::span<const Span> ranges,
             ShellStart start) {
  Progress progress{parser};
  if (start.errexit) progress.state.settings.errexit = Certainty::yes;
  if (start.pipefail) progress.state.settings.pipefail = Certainty::yes;
  ScriptReader(progress, SourceText(source, ranges)).read({});
  return finish(progress);
}

Script parse_exec(syntax::Parser& parser, std::span<const ExecWord> words) {
  Progress progress{parser};
  if (!words.empty()) ScriptReader(progress, SourceText()).read_exec(words);
  return finish(progress);
}

}  // namespace bulkhead::shell
