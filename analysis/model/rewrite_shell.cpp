#include <algorithm>
#include <utility>

#include "analysis/model/rewrite.h"
#include "analysis/model/row.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"

namespace bulkhead {
namespace {

Edit edit(std::uint32_t begin, std::uint32_t end, std::string text) {
  return {{{begin, end}, std::move(text)}};
}

std::string_view source(const Instruction& instruction, Span span) {
  return instruction.document().text().substr(span.begin, span.size());
}

bool is_bare(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (lower_case(c) >= 'a' && lower_case(c) <= 'z') || is_digit(c) ||
           std::string_view("_./:=@%+,-").find(c) != std::string_view::npos;
  });
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// The physical lines that the joined part of a RUN has, its heredocs left out.
std::string_view first_lines(const Instruction& run) {
  return source(run, {run.begin(), run.begin() + run.data().line_size});
}

// How the author breaks the lines of a RUN.
struct Layout {
  bool breaks = false;         // it has more than one line
  bool operator_first = true;  // `\` at the end of a line, `&&` at the start of the next
  std::string indent = "    ";
};

Layout layout_of(const Instruction& run) {
  Layout layout;
  const std::string_view lines = first_lines(run);
  const std::size_t feed = lines.rfind('\n');
  if (feed == std::string_view::npos) return layout;
  layout.breaks = true;
  const std::string_view last = lines.substr(feed + 1);
  const std::string_view content = trimmed(last);
  layout.indent = last.substr(0, std::min(last.find_first_not_of(" \t"), last.size()));
  // Of the lines that begin or end with an operator the last one shows the way.
  layout.operator_first = content.starts_with("&&");
  if (!layout.operator_first) {
    std::string_view before = trimmed(lines.substr(0, feed));
    if (before.ends_with(run.document().escape())) before.remove_suffix(1);
    layout.operator_first = !trimmed(before).ends_with("&&");
    // An argument on a line of its own stands deeper than the commands.
    if (layout.operator_first) {
      for (std::size_t at = lines.find('\n'); at != std::string_view::npos;
           at = lines.find('\n', at + 1)) {
        const std::string_view line = lines.substr(at + 1, lines.find('\n', at + 1) - at - 1);
        if (trimmed(line).starts_with("&&"))
          layout.indent = line.substr(0, line.find_first_not_of(" \t"));
      }
    }
  }
  return layout;
}

// Whether a shell reads the RUN's own text, and all of it is understood.
bool is_chainable(const Run& run) {
  return !run.is_json() && !run.script().opaque && !run.script().has_error &&
         !run.script().commands.empty();
}

// Whether the last line ends in a comment of the shell, which would swallow what is appended.
bool ends_in_comment(const Run& run) {
  std::uint32_t end = 0;
  for (const shell::Command& command : run.script().commands) end = std::max(end, command.span.end);
  const std::uint32_t size = run.data().line_size;
  return end < size &&
         source(run, {run.begin() + end, run.begin() + size}).find('#') != std::string_view::npos;
}

// What stands between two commands: nothing but blanks, continuations, comment lines and one operator;
// none for anything else.
std::optional<std::string> operator_in(const Instruction& run, Span between) {
  std::string found;
  bool is_first_line = true;
  std::string_view rest = source(run, between);
  while (true) {
    const std::size_t feed = rest.find('\n');
    std::string_view line = trimmed(rest.substr(0, feed));
    if (!(line.starts_with('#') && !is_first_line)) {
      if (feed != std::string_view::npos && line.ends_with(run.document().escape())) {
        line.remove_suffix(1);
      }
      found += trimmed(line);
    }
    is_first_line = false;
    if (feed == std::string_view::npos) break;
    rest.remove_prefix(feed + 1);
  }
  if (found == "&&" || found == ";") return found;
  return std::nullopt;
}

// What stands side by side in a command, in the order of the text: assignments, words and redirections.
class Row {
 public:
  explicit Row(const Command& command) : command_(command) {
    const Run run = command.run();
    const shell::Command& data = command.data();
    for (const shell::Assignment& assignment : data.assignments)
      spans_.push_back(run.at(assignment.span));
    for (const shell::Word& word : data.words) spans_.push_back(run.at(word.span));
    for (const shell::Redirection& redirection : data.redirections) {
      const Span span = run.at(redirection.span);
      if (command.span().covers(span)) spans_.push_back(span);
    }
    std::ranges::sort(spans_);
  }

  bool has(Span span) const { return std::ranges::binary_search(spans_, span); }
  // Of one that it has.
  std::size_t index_of(Span span) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(spans_, span) - spans_.begin());
  }

  Edit without(std::size_t first, std::size_t last) const {
    const bool is_last = last + 1 == spans_.size();
    if (command_.data().in_text && !(is_last && first == 0)) {
      const Span gone{spans_[first].begin, spans_[last].end};
      const Span gap = is_last ? Span{spans_[first - 1].end, gone.begin}
                               : Span{gone.end, spans_[last + 1].begin};
      const std::string quotes = quotes_in(source(command_.run(), gap));
      if (!quotes.empty())
        return edit(std::min(gap.begin, gone.begin), std::max(gap.end, gone.end), quotes);
    }
    return remove_from_row(command_.run().document().text(), spans_, first, last,
                           command_.span().begin);
  }

 private:
  // Those of the word that the command stands in, where it is joined from several: 'curl -k'" $URL".
  static std::string quotes_in(std::string_view gap) {
    std::string quotes;
    for (const char c : gap) {
      if (c == '\'' || c == '"') quotes += c;
    }
    return quotes;
  }

  const Command& command_;
  std::vector<Span> spans_;
};

// Takes the line of a heredoc away that holds the command and nothing else. None where it stands between
// words such as `then` and `fi`, or goes on in another line.
std::optional<Edit> remove_line(const Command& command) {
  const Run run = command.run();
  const Span span = command.span();
  const bool is_in_heredoc = std::ranges::any_of(
      run.data().heredocs, [&](const HeredocData& each) { return run.at(each.body).covers(span); });
  const bool has_heredoc = std::ranges::any_of(command.data().redirections, [](const auto& each) {
    return each.kind == shell::Redirection::Kind::heredoc;
  });
  if (!is_in_heredoc || has_heredoc || command.conditional() || !is_chainable(run))
    return std::nullopt;
  const std::string_view text = run.document().text();
  const std::uint32_t begin = line_begin(text, span.begin);
  const std::size_t feed = text.find('\n', span.end);
  if (feed == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(begin, feed - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (trimmed(line) != run.document().text(span)) return std::nullopt;
  // What opens a group, or goes on in the next line.
  const char before = text[text.substr(0, begin).find_last_not_of(" \t\r\n")];
  if (std::string_view("{(&|\\").find(before) != std::string_view::npos) return std::nullopt;
  return edit(begin, static_cast<std::uint32_t>(feed + 1), "");
}

// Takes commands[first, last] out of the chain that they stand in.
std::optional<Edit> remove_block(const Run& run, const Commands& commands, std::size_t first,
                                 std::size_t last) {
  if (!is_chainable(run)) return std::nullopt;
  const bool has_next = last + 1 < commands.size();
  for (std::size_t i = first; i <= last; ++i) {
    const bool has_heredoc = std::ranges::any_of(
        commands[i].data().redirections,
        [](const auto& each) { return each.kind == shell::Redirection::Kind::heredoc; });
    const bool is_piped =
        commands[i].data().link == shell::Link::pipe ||
        (i + 1 < commands.size() && commands[i + 1].data().link == shell::Link::pipe);
    const bool is_chained =
        i == first || operator_in(run, {commands[i - 1].span().end, commands[i].span().begin});
    if (has_heredoc || is_piped || commands[i].data().in_substitution || !is_chained)
      return std::nullopt;
  }
  const Span span{commands[first].span().begin, commands[last].span().end};
  const auto behind = has_next && commands[last + 1].span().begin >= span.end
                          ? operator_in(run, {span.end, commands[last + 1].span().begin})
                          : std::nullopt;
  const bool follows = behind.has_value();
  if (first > 0) {
    const Span before = commands[first - 1].span();
    const auto front =
        before.end <= span.begin ? operator_in(run, {before.end, span.begin}) : std::nullopt;
    const bool precedes = front.has_value();
    const bool is_last =
        !has_next &&
        trimmed(source(run, {span.end, run.at({0, run.data().line_size}).end})).empty();
    // In `a; b && c` what is left has not to wait for a.
    if (front == ";" && behind == "&&")
      return edit(span.begin, commands[last + 1].span().begin, "");
    if (precedes && (follows || is_last)) return edit(before.end, span.end, "");
    return std::nullopt;
  }
  if (follows && trimmed(source(run, {run.keyword().span().end, span.begin})).find('(') ==
                     std::string_view::npos)
    return edit(span.begin, commands[last + 1].span().begin, "");
  return std::nullopt;
}

// Whether `!` stands in front of it: without it there is nothing left to negate, and the next command is not meant.
bool is_negated(const Command& command) {
  const Run run = command.run();
  return trimmed(source(run, {run.begin(), command.span().begin})).ends_with('!');
}

// Not a part of an argument, nor one of the words that a variable stands for.
bool is_own_argument(const Command& command, const shell::Package& package) {
  return package.offset == 0 && has_own_word(command, package.argument);
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  if (is_bare(text)) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

namespace {

// The quote around the text that the word stands in, as in `sh -c "..."`; 0 for a word of the RUN itself.
char quote_around(const Instruction& run, Span word) {
  const auto& commands = run.script().commands;
  if (std::ranges::none_of(commands, &shell::Command::in_text)) return '\0';
  for (const shell::Command& command : commands) {
    if (command.in_text || !run.at(command.span).covers(word)) continue;
    for (const shell::Word& outer : command.words) {
      if (!run.at(outer.span).covers(word) || run.at(outer.span) == word) continue;
      for (const shell::Piece& piece : outer.pieces) {
        const Span span = run.at(piece.span);
        if (!span.covers(word)) continue;
        if (!piece.quoted) return '\0';
        // Of double quotes, in which variables stand, only the first piece follows them.
        return source(run, {span.begin - 1, span.begin}) == "'" ? '\'' : '"';
      }
    }
  }
  return '\0';
}

// `text`, a word of a shell, as it has to stand between these quotes.
std::string within(char quote, const std::string& text) {
  if (quote == '"') return escaped(text, "\"\\$`");
  if (quote == '\0' || text.find('\'') == std::string::npos) return text;
  std::string out;
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out;
}

}  // namespace

Edit replace(const ShellWord& word, std::string_view text) {
  const Span span = word.span();
  const Instruction& run = word.instruction();
  const std::string_view written = source(run, span);
  const char quote =
      written.size() >= 2 && written.back() == written.front() ? written.front() : '\0';
  if (run.is_json()) {
    // A word of the exec form is a string; in a text for `sh -c` it is a part of one.
    const bool is_string = quote == '"' && std::ranges::any_of(run.words(), [&](const Word& each) {
                             return each.span() == span;
                           });
    return edit(
        span.begin, span.end,
        is_string ? '"' + escaped(text, "\"\\") + '"' : escaped(shell_quoted(text), "\"\\"));
  }
  const char around = quote_around(run, span);
  // The other kind needs no escapes.
  if (quote == '"' || (around == '\'' && !is_bare(text)))
    return edit(span.begin, span.end, within(around, '"' + escaped(text, "\"\\$`") + '"'));
  if (quote == '\'' && text.find('\'') == std::string_view::npos)
    return edit(span.begin, span.end, within(around, "'" + std::string(text) + "'"));
  return edit(span.begin, span.end, within(around, shell_quoted(text)));
}

std::optional<Edit> append_command(const Run& run, std::string_view command) {
  if (!is_chainable(run) || ends_in_comment(run)) return std::nullopt;
  const Document& document = run.document();
  const std::string line_end(document.line_end());
  const auto& heredocs = run.data().heredocs;
  if (!heredocs.empty()) {
    // One heredoc that is the script: its last line. Others belong to some command.
    if (heredocs.size() > 1 || run.words().empty()) return std::nullopt;
    if (!trimmed(run.words()[0].text()).starts_with("<<")) return std::nullopt;
    if (trimmed(run.words()[0].text()) != heredocs[0].marker.text) return std::nullopt;
    const Span body = run.at(heredocs[0].body);
    const std::string_view text = trimmed(source(run, body));
    const std::size_t feed = text.substr(0, text.find_last_not_of("\r\n") + 1).rfind('\n');
    const std::string_view last =
        feed == std::string_view::npos ? source(run, body) : text.substr(feed + 1);
    const std::string indent(last.substr(0, std::min(last.find_first_not_of(" \t"), last.size())));
    return edit(body.end, body.end, indent + std::string(command) + line_end);
  }
  const std::uint32_t end = run.span().end;
  const std::string_view text = trimmed(first_lines(run));
  if (text.ends_with('&') || text.ends_with('|') || text.ends_with(document.escape()))
    return std::nullopt;
  const Layout layout = layout_of(run);
  const bool is_ended = text.ends_with(';');
  const std::string joint = is_ended ? "" : "&&";
  std::string out;
  if (!layout.breaks) {
    out = (is_ended ? " " : " && ") + std::string(command);
  } else if (layout.operator_first) {
    out = std::string(" ") + document.escape() + line_end + layout.indent + joint +
          (is_ended ? "" : " ") + std::string(command);
  } else {
    out = (is_ended ? "" : " " + joint) + " " + document.escape() + line_end + layout.indent +
          std::string(command);
  }
  return edit(end, end, std::move(out));
}

std::optional<Edit> replace_command(const Command& command, std::string_view text) {
  const Run run = command.run();
  if (run.is_json() || run.script().opaque) return std::nullopt;
  const Span span = command.span();
  return edit(span.begin, span.end, std::string(text));
}

std::optional<Edit> remove_command(const Command& command) {
  const auto edits = remove_commands({command});
  return edits ? std::optional(edits->front()) : std::nullopt;
}

std::optional<std::vector<Edit>> remove_commands(const std::vector<Command>& gone) {
  if (std::ranges::any_of(gone, is_negated)) return std::nullopt;
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < gone.size();) {
    const Run run = gone[i].run();
    const auto commands = run.commands();
    // Neighbours go together, with the operators between them.
    std::vector<bool> goes(commands.size());
    std::size_t count = 0;
    for (; i < gone.size() && gone[i].run().index() == run.index(); ++i) {
      const auto at = std::ranges::find_if(
          commands, [&](const Command& each) { return &each.data() == &gone[i].data(); });
      if (at == commands.end()) return std::nullopt;
      auto mark = goes[static_cast<std::size_t>(at - commands.begin())];
      if (!mark) ++count;
      mark = true;
    }
    if (count == commands.size()) {
      edits.push_back(remove(run));
      continue;
    }
    for (std::size_t first = 0; first < commands.size(); ++first) {
      if (!goes[first]) continue;
      if (auto line = remove_line(commands[first])) {
        edits.push_back(*std::move(line));
        continue;
      }
      std::size_t last = first;
      while (last + 1 < commands.size() && goes[last + 1]) ++last;
      auto edit = remove_block(run, commands, first, last);
      if (!edit) return std::nullopt;
      edits.push_back(*std::move(edit));
      first = last;
    }
  }
  return edits;
}

bool has_own_word(const Command& command, std::size_t argument) {
  const auto arguments = command.arguments();
  return std::ranges::count(arguments, arguments.at(argument).span(), &ShellWord::span) == 1;
}

Edit remove_argument(const Command& command, std::size_t argument) {
  return remove_arguments(command, {argument}).front();
}

std::optional<Edit> remove_part(const Command& command, Span part) {
  const shell::Command& data = command.data();
  if (data.assignments.size() + data.words.size() == 1) return remove_command(command);
  const Row row(command);
  if (!row.has(part)) return std::nullopt;
  return row.without(row.index_of(part), row.index_of(part));
}

Edit remove_words(const Command& command, std::size_t first, std::size_t end) {
  const Row row(command);
  return row.without(row.index_of(command.word(first).span()),
                     row.index_of(command.word(end - 1).span()));
}

std::vector<Edit> remove_arguments(const Command& command, const std::vector<std::size_t>& gone) {
  const auto arguments = command.arguments();
  const Row row(command);
  std::vector<std::size_t> places;
  for (const std::size_t i : gone) places.push_back(row.index_of(arguments.at(i).span()));
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t first = places[i];
    while (i + 1 < places.size() && places[i + 1] == places[i] + 1) ++i;
    edits.push_back(row.without(first, places[i]));
  }
  return edits;
}

namespace {

Edit add_behind(const Command& command, Span word,
                std::initializer_list<std::string_view> arguments) {
  // A word of the exec form is a string; in a text for `sh -c` it is a part of one.
  const bool is_string = command.run().is_json() &&
                         std::ranges::any_of(command.run().words(),
                                             [&](const Word& each) { return each.span() == word; });
  std::string text;
  for (const std::string_view argument : arguments) {
    text += is_string ? ", \"" + escaped(argument, "\"\\") + '"' : " " + std::string(argument);
  }
  return edit(word.end, word.end, std::move(text));
}

}  // namespace

Edit add_argument(const Command& command, std::size_t behind, std::string_view argument) {
  return add_behind(command, command.arguments().at(behind).span(), {argument});
}

Edit insert_arguments(const Command& command, std::initializer_list<std::string_view> arguments) {
  return add_behind(command, command.word(command.unwrapped().program).span(), arguments);
}

std::optional<Edit> replace_package(const Command& command, const shell::Package& package,
                                    std::string_view text) {
  if (!is_own_argument(command, package)) return std::nullopt;
  return replace(command.arguments()[package.argument], text);
}

std::optional<std::vector<Edit>> remove_packages(const Command& command,
                                                 const shell::PackageCall& call,
                                                 const std::vector<std::size_t>& gone) {
  if (gone.size() == call.packages.size()) return remove_commands({command});
  std::vector<std::size_t> places;
  for (const std::size_t i : gone) {
    if (!is_own_argument(command, call.packages.at(i))) return std::nullopt;
    places.push_back(call.packages[i].argument);
  }
  return remove_arguments(command, places);
}

namespace {

// Whether a part of it runs, or it succeeds, when the commands that `&&` puts in front of it fail: `a; b`, `a || b`,
// `a &`.
bool outlives_failure(const Run& run) {
  const bool has_list =
      std::ranges::any_of(run.script().commands, [](const shell::Command& command) {
        const bool is_apart =
            command.link == shell::Link::sequence || command.link == shell::Link::or_else;
        return is_apart && !command.in_text && !command.in_substitution;
      });
  return has_list || trimmed(first_lines(run)).ends_with('&');
}

}  // namespace

std::optional<Edit> join(const Run& first, const Run& second) {
  const Document& document = first.document();
  const bool fits = is_chainable(first) && is_chainable(second) && first.data().heredocs.empty() &&
                    second.data().heredocs.empty() && first.stage() == second.stage() &&
                    !first.is_trigger() && !second.is_trigger() &&
                    second.index() == first.index() + 1 && !ends_in_comment(first) &&
                    !outlives_failure(second);
  if (!fits) return std::nullopt;
  const auto first_flags = first.flags();
  const auto second_flags = second.flags();
  const bool same_flags = std::ranges::equal(
      first_flags, second_flags, {},
      [](const Flag& flag) { return std::string(flag.whole().text()); },
      [](const Flag& flag) { return std::string(flag.whole().text()); });
  const std::string_view written = trimmed(first_lines(first));
  if (!same_flags || written.ends_with('&') || written.ends_with('|') || written.ends_with(';') ||
      written.ends_with(document.escape()))
    return std::nullopt;

  const std::string line_end(document.line_end());
  const Layout layout = layout_of(layout_of(first).breaks ? first : second);
  std::string between = layout.operator_first ? "" : " &&";
  between += std::string(" ") + document.escape() + line_end;
  for (const Span comment : document.comments()) {
    if (comment.begin < first.span().end || comment.begin > second.begin()) continue;
    between += layout.indent + std::string(source(first, comment)) + line_end;
  }
  between += layout.indent + (layout.operator_first ? "&& " : "");
  const InstructionData& data = second.data();
  std::uint32_t body = data.body;
  while (body < data.joined.text.size() && is_blank(data.joined.text[body])) ++body;
  return edit(first.span().end, second.at(data.joined.source(body, body + 1)).begin,
              std::move(between));
}

}  // namespace bulkhead
