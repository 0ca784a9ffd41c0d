#include "analysis/model/reader.h"

#include <algorithm>

#include "analysis/facts/secrets.h"
#include "analysis/model/document.h"
#include "analysis/shell/commands/interpreters.h"
#include "analysis/shell/commands/wrappers.h"
#include "analysis/shell/source_text.h"
#include "analysis/text/ascii.h"
#include "analysis/text/spaces.h"
#include "analysis/text/utf8.h"

namespace bulkhead {
namespace {

using syntax::Node;

// Looked up once: comparing numbers is all that reading a node costs then.
struct Symbols {
  static syntax::Symbol of(std::string_view kind) {
    return syntax::symbol(syntax::Language::dockerfile, kind);
  }
  syntax::Symbol keyword = of("keyword"), flag = of("flag"), pair = of("pair"), name = of("name"),
                 json_array = of("json_array"), json_string = of("json_string"),
                 heredoc = of("heredoc"), heredoc_start = of("heredoc_start"),
                 heredoc_body = of("heredoc_body"), shell_command = of("shell_command"),
                 comment = of("comment"), continuation = of("line_continuation"),
                 end_of_flags = of("end_of_flags");
};

const Symbols& symbols() {
  static const Symbols found;
  return found;
}

// The four hexadecimal digits at the start of `text`, if they are there.
std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    if (!is_hex_digit(c)) return std::nullopt;
    value =
        value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower_case(c) - 'a' + 10);
  }
  return value;
}

// Decodes a JSON string that the grammar has found to be one, quotes included: calls `put` with each
// piece of its text and the place in `written` of what stands for that.
template <class Put>
void decode_json_string(std::string_view written, const Put& put) {
  if (written.size() < 2) return;
  const std::size_t end = written.size() - 1;
  for (std::size_t at = 1; at < end;) {
    const std::size_t begin = at;
    if (written[at] != '\\' || at + 1 == end) {
      at = std::max(at + 1, std::min(written.find('\\', at), end));
      put(written.substr(begin, at - begin), begin, at);
      continue;
    }
    std::string out;
    const char c = written[at + 1];
    at += 2;
    constexpr std::string_view letters = "bfnrt";
    constexpr std::string_view values = "\b\f\n\r\t";
    if (const std::size_t letter = letters.find(c); letter != letters.npos) {
      out = values[letter];
    } else if (c == 'u') {
      std::uint32_t point = hex4(written.substr(at)).value_or(0xFFFD);
      at = std::min(at + 4, end);
      const bool high = point >= 0xD800 && point < 0xDC00;
      if (high && written.substr(at).starts_with("\\u")) {
        const auto low = hex4(written.substr(at + 2));
        if (low && *low >= 0xDC00 && *low < 0xE000) {
          point = 0x10000 + ((point - 0xD800) << 10) + (*low - 0xDC00);
          at = std::min(at + 6, end);
        }
      }
      append_utf8(out, point >= 0xD800 && point < 0xE000 ? 0xFFFD : point);
    } else {
      out = c;
    }
    put(out, begin, at);
  }
}

// The place in the joined text of a source offset; one inside a gap means the gap.
std::uint32_t joined_offset(const JoinedText& joined, std::uint32_t source) {
  const auto next = std::ranges::upper_bound(
      joined.gaps, source, {}, [](const JoinedText::Gap& gap) { return gap.joined + gap.shift; });
  const std::uint32_t shift = next == joined.gaps.begin() ? 0 : std::prev(next)->shift;
  const std::uint32_t end =
      next == joined.gaps.end() ? static_cast<std::uint32_t>(joined.text.size()) : next->joined;
  return std::min(source - shift, end);
}

// Reads one instruction node; all spans it makes count from the node's first byte.
class Reader {
 public:
  Reader(const Node& node, std::string_view text, char escape, int depth = 0)
      : node_(node),
        base_(node.span().begin),
        text_(text.substr(base_, node.span().size())),
        escape_(escape),
        depth_(depth) {}

  std::shared_ptr<const InstructionData> read() {
    measure();
    bool has_keyword = false;
    for (const Node& child : syntax::named_children(node_)) {
      if (!has_keyword && child.symbol() == symbols().keyword) {
        has_keyword = true;
        data_->keyword = word(local(child));
        data_->kind = keyword_of(data_->keyword.text);
        data_->body = joined_offset(data_->joined, local(child).end);
      } else {
        read_child(child);
      }
    }
    data_->faulty = node_.has_error();
    if (data_->kind == Keyword::env || data_->kind == Keyword::arg) {
      for (PairData& pair : data_->pairs) pair.may_be_secret = may_be_secret(pair.name.text);
    }
    return std::move(data_);
  }

 private:
  static bool may_be_secret(std::string_view name) {
    return !std::ranges::all_of(name, is_name_character) ||
           facts::secret_name(name).is_secret(facts::Strength::low);
  }

  Span local(const Node& node) const {
    return {node.span().begin - base_, node.span().end - base_};
  }

  // How far the instruction and its first, joined line reach.
  void measure() {
    data_->size = without_line_end(static_cast<std::uint32_t>(text_.size()));
    data_->line_size = data_->size;
    if (text_.find("<<") != text_.npos) {
      for (const Node& child : syntax::named_children(node_)) {
        if (child.symbol() != symbols().heredoc) continue;
        data_->line_size = without_line_end(local(child).begin);
        break;
      }
    }
    for (std::size_t feed = text_.find('\n'); feed < data_->size; feed = text_.find('\n', feed + 1))
      ++data_->lines;
    data_->joined = join(text_.substr(0, data_->line_size), escape_);
    drop_spaces_at_end(data_->joined);
    const std::string_view joined = data_->joined.text;
    for (auto at = joined.find("<<"); at != joined.npos; at = joined.find("<<", at + 2))
      ++data_->heredoc_marks;
  }

  // White space at the end is nobody's, that of Unicode included; for the rest of the reading only
  // blanks are.
  static void drop_spaces_at_end(JoinedText& joined) {
    const std::string_view kept = without_spaces(joined.text);
    joined.text.resize(kept.empty() ? 0
                                    : static_cast<std::size_t>(kept.data() - joined.text.data()) +
                                          kept.size());
    while (!joined.gaps.empty() && joined.gaps.back().joined > joined.text.size())
      joined.gaps.pop_back();
  }

  // `end` without the one line end that may stand right before it.
  std::uint32_t without_line_end(std::uint32_t end) const {
    if (end > 0 && text_[end - 1] == '\n') --end;
    while (end > 0 && text_[end - 1] == '\r') --end;
    return end;
  }

  WordData joined_word(std::uint32_t begin, std::uint32_t end) const {
    return {data_->joined.source(begin, end), data_->joined.text.substr(begin, end - begin), begin,
            false};
  }

  WordData word(Span span) const {
    const std::uint32_t begin = joined_offset(data_->joined, span.begin);
    std::uint32_t end = std::max(begin, joined_offset(data_->joined, span.end));
    while (end > begin && (is_blank(data_->joined.text[end - 1]))) --end;
    WordData word = joined_word(begin, end);
    if (begin == end) {
      // What is missing may be missed in a line below, which is none of this instruction's.
      const std::uint32_t place = std::min(span.begin, data_->size);
      word.span = {place, place};
    }
    return word;
  }

  void read_child(const Node& child) {
    const syntax::Symbol kind = child.symbol();
    if (kind == symbols().comment || kind == symbols().continuation ||
        kind == symbols().end_of_flags || child.is_error())
      return;
    if (kind == symbols().flag) {
      read_flag(word(local(child)));
      data_->body = joined_offset(data_->joined, local(child).end);
    } else if (kind == symbols().pair) {
      read_pair(child);
    } else if (kind == symbols().name) {
      const WordData name = word(local(child));
      data_->pairs.push_back({name.span, name, std::nullopt});
    } else if (kind == symbols().json_array) {
      read_json(child);
    } else if (kind == symbols().heredoc) {
      read_heredoc(child);
    } else if (data_->kind == Keyword::onbuild && child.kind().ends_with("_instruction")) {
      // The builder refuses a trigger that has one itself; thousands would exhaust the stack.
      constexpr int deepest = 8;
      if (depth_ == deepest) return;
      data_->trigger = Reader(child, text_before(child), escape_, depth_ + 1).read();
      data_->trigger_begin = local(child).begin;
    } else {
      read_word(child);
    }
  }

  // Nodes tell their place in the whole document.
  std::string_view text_before(const Node&) const {
    return {text_.data() - base_, base_ + text_.size()};
  }

  void read_word(const Node& child) {
    if (child.symbol() == symbols().heredoc_start) {
      add_marker(child);
      add_parts(data_->heredocs.back().marker);
      return;
    }
    WordData read = word(local(child));
    if (read.text.empty()) return;  // white space at the end
    data_->words.push_back(std::move(read));
    if (child.symbol() != symbols().shell_command) return;
    for (const Node& part : syntax::named_children(child)) {
      if (part.symbol() == symbols().heredoc_start) add_marker(part);
    }
  }

  // The builder splits words at blanks, even in the quotes of `<<"my file"`.
  void add_parts(const WordData& marker) {
    const std::string& joined = data_->joined.text;
    const auto end = static_cast<std::uint32_t>(marker.joined_begin + marker.text.size());
    for (std::uint32_t begin = marker.joined_begin; begin < end;) {
      std::uint32_t part_end = begin;
      while (part_end < end && !is_blank(joined[part_end])) ++part_end;
      if (begin < part_end) data_->words.push_back(joined_word(begin, part_end));
      begin = part_end + 1;
    }
  }

  // --name, --name=value; quotes may stand anywhere in it and are no part of either.
  void read_flag(WordData whole) {
    const std::uint32_t begin = whole.joined_begin;
    const auto end = static_cast<std::uint32_t>(begin + whole.text.size());
    const std::size_t dashes = std::min(whole.text.find("--"), whole.text.size());
    const std::size_t equals = whole.text.find('=');
    const auto name_begin =
        static_cast<std::uint32_t>(begin + std::min(dashes + 2, whole.text.size()));
    const auto name_end =
        equals == std::string::npos ? end : static_cast<std::uint32_t>(begin + equals);
    FlagData flag{.name = without_quotes(joined_word(name_begin, std::max(name_begin, name_end)))};
    if (equals != std::string::npos) {
      // The quote that closes one in front of the dashes is not the value's.
      const bool quoted_whole = dashes > 0 && whole.text.back() == whole.text.front();
      flag.value =
          without_quotes(joined_word(name_end + 1, std::max(name_end + 1, end - quoted_whole)));
    }
    flag.whole = without_quotes(std::move(whole));
    data_->flags.push_back(std::move(flag));
  }

  WordData without_quotes(WordData word) const {
    if (word.text.find_first_of(std::string("\"'") + escape_) == std::string::npos) return word;
    std::string out;
    read_unquoted(word.text, escape_, [&](char c, auto, auto) { out += c; });
    word.text = std::move(out);
    word.decoded = true;
    return word;
  }

  // NAME=value, or NAME value up to the end of the line.
  void read_pair(const Node& child) {
    const WordData whole = word(local(child));
    WordData name = whole;
    for (const Node& part : syntax::named_children(child)) {
      if (part.symbol() != symbols().name) continue;
      name = word(local(part));
      break;
    }
    PairData pair{whole.span, name};
    const std::string& joined = data_->joined.text;
    const auto end = static_cast<std::uint32_t>(whole.joined_begin + whole.text.size());
    auto at = static_cast<std::uint32_t>(name.joined_begin + name.text.size());
    if (at < end && joined[at] == '=') {
      pair.value = joined_word(at + 1, end);
    } else if (at < end) {
      while (at < end && is_blank(joined[at])) ++at;
      data_->old_form = true;
      pair.value = joined_word(at, end);
    }
    data_->pairs.push_back(std::move(pair));
  }

  void read_json(const Node& array) {
    data_->json = true;
    for (const Node& item : syntax::named_children(array)) {
      if (item.symbol() != symbols().json_string) continue;
      WordData string = word(local(item));
      std::string text;
      decode_json_string(string.text, [&](std::string_view piece, auto, auto) { text += piece; });
      string.text = std::move(text);
      string.json = string.decoded = true;
      data_->words.push_back(std::move(string));
    }
  }

  // 3<<-"EOF"
  void add_marker(const Node& node) {
    HeredocData heredoc;
    heredoc.marker = word(local(node));
    std::string_view text = heredoc.marker.text;
    text.remove_prefix(std::min(text.find("<<"), text.size()));
    text.remove_prefix(std::min<std::size_t>(2, text.size()));
    heredoc.strips_tabs = text.starts_with('-');
    if (heredoc.strips_tabs) text.remove_prefix(1);
    for (const char c : trimmed(text)) {
      if (c == '"' || c == '\'' || c == '\\') {
        heredoc.expands = false;
      } else {
        heredoc.delimiter += c;
      }
    }
    data_->heredocs.push_back(std::move(heredoc));
  }

  // Bodies follow the line in the order of its markers.
  void read_heredoc(const Node& node) {
    if (bodies_ == data_->heredocs.size()) return;
    HeredocData& heredoc = data_->heredocs[bodies_++];
    heredoc.whole = local(node);
    heredoc.whole.end = without_line_end(heredoc.whole.end);
    heredoc.body = {local(node).begin, local(node).begin};
    for (const Node& part : syntax::named_children(node)) {
      if (part.symbol() == symbols().heredoc_body) heredoc.body = local(part);
    }
  }

  Node node_;
  std::uint32_t base_;
  std::string_view text_;
  char escape_;
  int depth_;  // of triggers in triggers
  std::size_t bodies_ = 0;
  std::shared_ptr<InstructionData> data_ = std::make_shared<InstructionData>();
};

shell::Script opaque_script() {
  shell::Script script;
  script.opaque = true;
  return script;
}

// How the shell that runs a script is started, by the script's first line, or as `otherwise` where it has
// no `#!`; none for another interpreter.
std::optional<shell::ShellStart> start_of(std::string_view script, shell::ShellStart otherwise) {
  if (!script.starts_with("#!")) return otherwise;
  std::vector<shell::Argument> words;
  std::string_view line = trimmed(script.substr(2, script.find('\n') - 2));
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    if (!word.empty()) words.emplace_back(word);
    line.remove_prefix(std::min(word.size() + 1, line.size()));
  }
  const std::size_t program = shell::unwrap(words).program;
  if (program >= words.size() || !shell::is_posix_shell(*words[program])) return std::nullopt;
  const auto call = shell::interpreter_call(*words[program], std::span(words).subspan(program + 1));
  if (!call) return std::nullopt;
  return shell::ShellStart{.errexit = call->errexit, .pipefail = call->pipefail};
}

// The parts of the source that the joined text consists of, from `begin` on.
std::vector<Span> ranges_of(const JoinedText& joined, std::uint32_t begin) {
  std::vector<Span> ranges;
  const auto add = [&](std::uint32_t end) {
    if (begin < end) ranges.push_back(joined.source(begin, end));
    begin = std::max(begin, end);
  };
  for (const JoinedText::Gap& gap : joined.gaps) add(gap.joined);
  add(static_cast<std::uint32_t>(joined.text.size()));
  return ranges;
}

// The exec form runs one program with these very arguments.
shell::Script exec_script(syntax::Parser& parser, const InstructionData& run,
                          std::string_view source, std::span<const WordData> words) {
  const shell::SourceText joined(source, ranges_of(run.joined, 0));
  std::vector<shell::SourceText> texts;
  for (const WordData& word : words) {
    const std::uint32_t begin = word.joined_begin;
    const std::uint32_t end = std::max(begin, joined_offset(run.joined, word.span.end));
    const std::string_view written = std::string_view(run.joined.text).substr(begin, end - begin);
    shell::SourceText& text = texts.emplace_back();
    decode_json_string(written, [&](std::string_view piece, std::size_t from, std::size_t to) {
      const Span place{begin + static_cast<std::uint32_t>(from),
                       begin + static_cast<std::uint32_t>(to)};
      if (piece == joined.text(place)) {
        text.append(joined, place);
      } else {
        text.append(piece, joined.source(place));
      }
    });
  }
  std::vector<shell::ExecWord> all;
  for (std::size_t i = 0; i < words.size(); ++i) all.push_back({words[i].span, texts[i]});
  return shell::parse_exec(parser, all);
}

}  // namespace

JoinedText join(std::string_view source, char escape) {
  JoinedText joined;
  const auto take = [&](std::size_t begin, std::size_t end) {
    const auto at = static_cast<std::uint32_t>(joined.text.size());
    const auto shift = static_cast<std::uint32_t>(begin) - at;
    const std::uint32_t before = joined.gaps.empty() ? 0 : joined.gaps.back().shift;
    if (begin < end && shift != before) joined.gaps.push_back({at, shift});
    joined.text.append(source.substr(begin, end - begin));
  };
  bool first = true;
  for (std::size_t begin = 0; begin < source.size();) {
    const std::size_t feed = std::min(source.find('\n', begin), source.size());
    std::size_t end = feed;
    while (end > begin && source[end - 1] == '\r') --end;
    const std::string_view content = trimmed(source.substr(begin, end - begin));
    if (!first && (content.empty() || content.starts_with('#'))) {
      begin = feed + 1;
      continue;
    }
    std::size_t mark = end;
    while (mark > begin && is_blank(source[mark - 1])) --mark;
    // A doubled escape character at the end is text.
    const bool continues = mark > begin && source[mark - 1] == escape &&
                           (mark - 1 == begin || source[mark - 2] != escape);
    take(begin, continues ? mark - 1 : end);
    if (!continues) break;
    first = false;
    begin = feed + 1;
  }
  return joined;
}

std::shared_ptr<const InstructionData> read_instruction(const syntax::Node& node,
                                                        std::string_view text, char escape) {
  return Reader(node, text, escape).read();
}

ShellInForce shell_in_force(const InstructionData& shell) {
  if (shell.words.empty()) return {};
  std::vector<shell::Argument> words;
  for (const WordData& word : shell.words) words.push_back(word.text);
  words.push_back("the command");
  // What stands in front of the shell starts it: ["conda", "run", "-n", "tools", "bash", "-c"].
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!shell::is_posix_shell(*words[i])) continue;
    const auto call = shell::interpreter_call(*words[i], std::span(words).subspan(i + 1));
    if (call && call->source == shell::InterpreterCall::Source::text)
      return {.start = {.errexit = call->errexit, .pipefail = call->pipefail}};
  }
  return {.posix = false};
}

bool holds_commands(Keyword kind) {
  return kind == Keyword::run || kind == Keyword::cmd || kind == Keyword::entrypoint ||
         kind == Keyword::healthcheck;
}

shell::Script read_script(syntax::Parser& parser, const InstructionData& run,
                          std::string_view source, const ShellInForce& shell) {
  std::span<const WordData> words = run.words;
  std::uint32_t begin = run.body;
  if (run.kind == Keyword::healthcheck) {
    // NONE, or CMD and what it runs.
    if (words.size() < 2 || !equals_ignoring_case(words[0].text, "cmd")) return {};
    words = words.subspan(1);
    begin = words[0].joined_begin;
  }
  if (run.json) return exec_script(parser, run, source, words);
  if (!shell.posix) return opaque_script();
  // RUN <<EOF: the body is the script.
  if (run.heredocs.size() == 1 && run.joined.text.size() - begin > 0 &&
      trimmed(std::string_view(run.joined.text).substr(begin)) == run.heredocs[0].marker.text) {
    const Span body = run.heredocs[0].body;
    const std::string_view text = source.substr(body.begin, body.size());
    const auto start = start_of(text, shell.start);
    return start ? shell::parse(parser, source, std::span(&body, 1), *start) : opaque_script();
  }
  std::vector<Span> ranges = ranges_of(run.joined, begin);
  if (!run.heredocs.empty() && !ranges.empty()) {
    // The shell reads the bodies itself: they follow, from the line's end on.
    const std::uint32_t end = run.heredocs.back().whole.end;
    if (end > ranges.back().end) {
      if (ranges.back().end == run.line_size) {
        ranges.back().end = end;
      } else {
        ranges.push_back({run.line_size, end});
      }
    }
  }
  if (ranges.empty()) return {};
  return shell::parse(parser, source, ranges, shell.start);
}

}  // namespace bulkhead
