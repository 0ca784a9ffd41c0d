#include "analysis/rules/secret_values.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>

#include "analysis/facts/images.h"
#include "analysis/facts/secrets.h"
#include "analysis/model/expansion.h"
#include "analysis/model/rewrite.h"
#include "analysis/rules/command_credentials.h"
#include "analysis/rules/secret_variables.h"
#include "analysis/shell/commands/options.h"
#include "analysis/text/ascii.h"
#include "analysis/text/word_list.h"

namespace bulkhead::rules {
namespace {

using facts::SecretPattern;
using shell::SourceText;

// ---- Texts without their quotes, escapes and continuations; each byte knows where it stands.

// The instruction as the builder reads it, heredocs left out.
SourceText joined(const Document& document, const Instruction& instruction) {
  const JoinedText& text = instruction.data().joined;
  std::vector<Span> ranges;
  std::uint32_t begin = 0;
  std::uint32_t shift = 0;
  const auto add = [&](std::uint32_t end) {
    ranges.push_back(instruction.at({begin + shift, end + shift}));
    begin = end;
  };
  for (const JoinedText::Gap& gap : text.gaps) {
    add(gap.joined);
    shift = gap.shift;
  }
  add(static_cast<std::uint32_t>(text.text.size()));
  return {document.text(), ranges};
}

// Whether `text` begins with a pair of quotes that a word ends with.
bool is_empty_word(std::string_view text) {
  return (text.starts_with("\"\"") || text.starts_with("''")) &&
         (text.size() == 2 || is_space(text[2]));
}

// What a shell makes of it, and the builder of words in quotes.
SourceText unquoted(const SourceText& source, char escape) {
  const std::string_view text = source.text();
  SourceText out;
  std::uint32_t begin = 0;
  char quote = 0;
  const auto drop = [&](std::size_t first, std::size_t last) {
    const auto end = static_cast<std::uint32_t>(first);
    if (begin < end) out.append(source, {begin, end});
    begin = static_cast<std::uint32_t>(last);
  };
  constexpr CharacterSet marks("\"'\\`");  // quotes and what escapes
  for (std::size_t i = marks.find_in(text); i < text.size(); i = marks.find_in(text, i + 1)) {
    const char c = text[i];
    if (c == escape && quote != '\'' && i + 1 < text.size()) {
      const char next = text[i + 1];
      if (next == '\n') {
        drop(i, i + 2);
      } else if (quote == 0 || next == escape || next == '"' || next == '$' || next == '`') {
        drop(i, i + 1);
      }
      ++i;
    } else if (quote != 0) {
      if (c != quote) continue;
      drop(i, i + 1);
      quote = 0;
    } else if (c == '"' || c == '\'') {
      if (is_empty_word(text.substr(i))) {
        ++i;  // stays, so that what follows is not taken for its value
      } else {
        drop(i, i + 1);
        quote = c;
      }
    }
  }
  drop(source.size(), source.size());
  return out;
}

// The strings of the JSON array that begins at `body`, as words with a blank between them.
SourceText unquoted_json(const SourceText& source, std::uint32_t body) {
  const std::string_view text = source.text();
  SourceText out;
  out.append(source, {0, body});
  std::uint32_t begin = body;
  bool inside = false;
  const auto keep = [&](std::uint32_t end) {
    if (inside && begin < end) out.append(source, {begin, end});
    begin = end + 1;
  };
  for (std::uint32_t i = body; i < source.size(); ++i) {
    if (inside && text[i] == '\\' && i + 1 < source.size()) {
      const char next = text[i + 1];
      if (next == '"' || next == '\\' || next == '/') keep(i);
      ++i;
    } else if (text[i] == '"') {
      keep(i);
      inside = !inside;
      if (!inside) out.append(" ");
    }
  }
  keep(source.size());
  return out;
}

// Where the exec form of a HEALTHCHECK begins.
std::optional<std::uint32_t> array_behind_cmd(std::string_view text) {
  const std::size_t at = text.find('[');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string before = lower_case(trimmed(text.substr(0, at)));
  return before.ends_with("cmd") ? std::optional(static_cast<std::uint32_t>(at)) : std::nullopt;
}

SourceText lines_of(const Document& document, Span span) {
  return {document.text(), std::vector{span}};
}

// ---- URLs

constexpr CharacterSet url_ends(" \t\r\n\"'`|<>;,");

// The authority of a URL whose "://" stands at `colon`: user@host:port.
std::string_view authority_at(std::string_view text, std::size_t colon) {
  const std::string_view rest = text.substr(colon + 3, 2048);
  std::size_t end = 0;
  std::size_t depth = 0;  // of ${...}, which may hold anything
  for (; end < rest.size(); ++end) {
    const char c = rest[end];
    if (rest.substr(end).starts_with("${") || rest.substr(end).starts_with("$(")) {
      ++depth;
      ++end;
    } else if (depth > 0 && (c == '}' || c == ')')) {
      --depth;
    } else if (depth == 0 && (c == '/' || c == '?' || c == '#' || url_ends.find_in({&c, 1}) == 0)) {
      break;
    }
  }
  return rest.substr(0, end);
}

// Where the user and password of a URL stand in a text, with their '@', and the server behind it.
struct UserInfo {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view host;
};

std::optional<UserInfo> user_info_at(std::string_view text, std::size_t colon) {
  const std::string_view authority = authority_at(text, colon);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view host = authority.substr(at + 1);
  return UserInfo{colon + 3, colon + 3 + at + 1, host.substr(0, host.find(':'))};
}

// That of the URL whose user or password holds the bytes [begin, end) of `text`.
std::optional<UserInfo> user_info_around(std::string_view text, std::size_t begin,
                                         std::size_t end) {
  constexpr std::size_t longest = 512;
  const std::size_t first = begin - std::min(begin, longest);
  const std::size_t colon = text.substr(first, begin - first).rfind("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const auto found = user_info_at(text, first + colon);
  return found && found->begin <= begin && end < found->end ? found : std::nullopt;
}

// ---- Commands

bool is_read_by_people(Keyword kind) {
  return kind == Keyword::label || kind == Keyword::maintainer || kind == Keyword::cmd ||
         kind == Keyword::entrypoint || kind == Keyword::healthcheck;
}

std::string capitalized(std::string_view text) {
  std::string out(text);
  out.front() = upper_case(out.front());
  return out;
}

// A variable of a URL, at `begin` of the text.
struct UrlVariable {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view name;
};

std::vector<UrlVariable> variables_in(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<UrlVariable> found;
  text = text.substr(0, end);
  for (std::size_t at = text.find('$', begin); at < end; at = text.find('$', at + 1)) {
    const bool braces = text.substr(at + 1).starts_with('{');
    const std::size_t name = at + (braces ? 2 : 1);
    const std::size_t size = variable_name_size(text.substr(std::min(name, end)));
    if (size == 0 || !is_name_start(text[name])) continue;
    const std::size_t last = braces ? text.find('}', name) + 1 : name + size;
    if (last == 0) continue;
    found.push_back({at, last, text.substr(name, size)});
  }
  return found;
}

// Whether the shell reads a variable there: not so in single quotes.
bool is_read(const Run& run, Span variable) {
  const shell::Script& script = run.script();
  const auto begin = [&](const shell::VariableUse& use) { return run.at(use.span).begin; };
  const auto use = std::ranges::lower_bound(script.uses, variable.begin, {}, begin);
  return script.opaque || (use != script.uses.end() && begin(*use) == variable.begin);
}

// Adds the secrets in `text` to `found`.
void find_in(const SourceText& text, std::optional<Instruction> instruction, SecretPlace place,
             std::vector<PlacedSecret>& found) {
  for (const facts::SecretValue& value : facts::find_secrets(text.text())) {
    PlacedSecret secret{.place = place, .pattern = value.pattern};
    if (instruction) secret.instruction = instruction->index();
    secret.span = text.source(
        {static_cast<std::uint32_t>(value.begin), static_cast<std::uint32_t>(value.end)});
    const std::string_view bytes = text.text().substr(value.begin, value.end - value.begin);
    const auto info = user_info_around(text.text(), value.begin, value.end);
    const bool any = value.pattern->kind == SecretPattern::Kind::place;
    secret.shown = (info && any ? "Password" : capitalized(value.pattern->what)) + " " +
                   facts::redacted(bytes);
    if (info) {
      secret.place = SecretPlace::url;
      secret.host = info->host;
      const Span in_text{static_cast<std::uint32_t>(info->begin),
                         static_cast<std::uint32_t>(info->end)};
      const Span source = text.source(in_text);
      if (source.size() == in_text.size()) secret.user_info = source;
    }
    found.push_back(std::move(secret));
  }
}

// Lines of comments that follow one another are one text: a key has many.
std::vector<Span> blocks_of(const Document& document, std::span<const Span> comments) {
  std::vector<Span> blocks;
  for (const Span comment : comments) {
    const bool goes_on =
        !blocks.empty() &&
        std::ranges::all_of(document.text({blocks.back().end, comment.begin}), is_space);
    if (goes_on) {
      blocks.back().end = comment.end;
    } else {
      blocks.push_back(comment);
    }
  }
  return blocks;
}

bool has_secrets(const Document& document, std::span<const Span> comments) {
  return std::ranges::any_of(blocks_of(document, comments), [&](Span block) {
    return !facts::find_secrets(document.text(block)).empty();
  });
}

// Whether the command takes a credential there, and it stands there as it is.
bool is_credential(const Command& command, Span secret) {
  return std::ranges::any_of(credentials_of(command), [&](const CommandCredential& credential) {
    return credential.word.span().covers(secret) && credential.word.value().known;
  });
}

}  // namespace

SecretValues::SecretValues(const Instruction& instruction, SharedViews& views)
    : document_(instruction.document()) {
  read_instruction(instruction);
  if (has_variables()) place_in_variables(views.of<SecretVariables>(document_));
  sort();
}

CommentSecrets::CommentSecrets(const Document& document, SharedViews& views) {
  for (const std::uint32_t below : views.below_comments<has_secrets>(document)) {
    for (const Span block : blocks_of(document, document.comments_above(below)))
      find_in(lines_of(document, block), std::nullopt, SecretPlace::metadata, secrets_);
  }
}

void SecretValues::sort() {
  std::ranges::sort(secrets_, {}, [](const PlacedSecret& secret) { return secret.span.begin; });
}

void SecretValues::read_instruction(const Instruction& instruction) {
  const InstructionData& data = instruction.data();
  if (data.kind == Keyword::onbuild) return;  // its trigger is an instruction of its own
  const std::size_t first = secrets_.size();
  const SourceText whole = joined(document_, instruction);
  std::optional<std::uint32_t> array;
  if (data.json) array = std::min(data.body, whole.size());
  if (data.kind == Keyword::healthcheck) array = array_behind_cmd(whole.text());
  const SourceText text =
      array ? unquoted_json(whole, *array) : unquoted(whole, document_.escape());
  find_in(text, instruction,
          is_read_by_people(data.kind) ? SecretPlace::metadata : SecretPlace::other, secrets_);
  read_urls(text, instruction);
  // Comments among the lines of an instruction.
  std::uint32_t shift = 0;
  for (const JoinedText::Gap& gap : data.joined.gaps) {
    const Span between = instruction.at({gap.joined + shift, gap.joined + gap.shift});
    shift = gap.shift;
    if (document_.text(between).find('#') == std::string_view::npos) continue;
    find_in(lines_of(document_, between), instruction, SecretPlace::metadata, secrets_);
  }
  for (const HeredocData& heredoc : data.heredocs) {
    const SourceText lines = lines_of(document_, instruction.at(heredoc.body));
    const SourceText body = data.kind == Keyword::run ? unquoted(lines, '\\') : lines;
    find_in(body, instruction, SecretPlace::heredoc, secrets_);
    if (data.kind == Keyword::run || heredoc.expands) read_urls(body, instruction);
  }
  if (data.kind == Keyword::run && secrets_.size() > first) {
    place_in_commands(Run(instruction), first);
  }
}

// The variables that a URL has its user and password from, as far as ARG or ENV gives them their values.
void SecretValues::read_urls(const SourceText& source, const Instruction& instruction) {
  const std::string_view text = source.text();
  const bool in_shell = instruction.kind() == Keyword::run;
  if (!in_shell && !expands_variables(instruction.kind())) return;
  std::vector<Mount> mounts;
  if (in_shell) mounts = Run(instruction).mounts();
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 1)) {
    const auto info = user_info_at(text, at);
    if (!info) continue;
    const std::size_t colon = text.substr(info->begin, info->end - info->begin).find(':');
    const bool has_password = colon != std::string_view::npos;
    for (const UrlVariable& variable : variables_in(text, info->begin, info->end)) {
      const bool is_password = has_password && variable.begin > info->begin + colon;
      const bool speaks = facts::secret_name(variable.name).is_secret(facts::Strength::low);
      if (!is_password && !speaks) continue;
      const auto is_mounted = [&](const Mount& mount) { return mount.get("env") == variable.name; };
      const auto definition = instruction.definition(variable.name);
      if (!definition || std::ranges::any_of(mounts, is_mounted)) continue;
      if (const auto value = definition->value()) {
        const facts::ValueKind kind = facts::value_kind(value->value().text);
        if (kind == facts::ValueKind::dummy || kind == facts::ValueKind::plain) continue;
      }
      const auto span = [&](std::size_t begin, std::size_t end) {
        return Span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
      };
      PlacedSecret secret{.place = SecretPlace::url, .host = std::string(info->host)};
      secret.instruction = instruction.index();
      secret.span = source.source(span(variable.begin, variable.end));
      if (in_shell && !is_read(Run(instruction), secret.span)) continue;
      secret.shown = "$" + std::string(variable.name);
      secret.definition = definition;
      const Span whole = source.source(span(info->begin, info->end));
      if (whole.size() == info->end - info->begin) secret.user_info = whole;
      secrets_.push_back(std::move(secret));
    }
  }
}

// Which commands hold the secrets from `first` on, all of one RUN.
void SecretValues::place_in_commands(const Run& run, std::size_t first) {
  const auto commands = run.commands();
  std::vector<std::uint32_t> order(commands.size());
  std::iota(order.begin(), order.end(), 0);
  const auto begin = [&](std::uint32_t i) { return commands[i].span().begin; };
  std::ranges::stable_sort(order, {}, begin);
  for (PlacedSecret& secret : std::span(secrets_).subspan(first)) {
    // The last one to begin in front of it, or one that this one stands in.
    constexpr int deepest = 64;
    auto next = std::ranges::upper_bound(order, secret.span.begin, {}, begin);
    for (int depth = 0; depth < deepest && next != order.begin(); ++depth) {
      const std::uint32_t candidate = *--next;
      if (!commands[candidate].span().covers(secret.span)) continue;
      secret.command = candidate;
      if (commands[candidate].name() == "git") {
        secret.place = SecretPlace::git;
      } else if (secret.pattern && (secret.pattern->kind == SecretPattern::Kind::argument ||
                                    (secret.place == SecretPlace::other &&
                                     is_credential(commands[candidate], secret.span)))) {
        secret.place = SecretPlace::argument;
      }
      break;
    }
  }
}

bool SecretValues::is_in_variable(const PlacedSecret& secret) const {
  if (!secret.instruction) return false;
  const Keyword kind = Instruction(document_, *secret.instruction).kind();
  return kind == Keyword::env || kind == Keyword::arg;
}

bool SecretValues::has_variables() const {
  return std::ranges::any_of(secrets_,
                             [&](const PlacedSecret& secret) { return is_in_variable(secret); });
}

void SecretValues::place_in_variables(const SecretVariables& variables) {
  const auto& exposed = variables.exposed();
  for (PlacedSecret& secret : secrets_) {
    if (!is_in_variable(secret)) continue;
    const auto next = std::ranges::upper_bound(
        exposed, secret.span.begin, {}, [](const auto& one) { return one.pair.span().begin; });
    if (next != exposed.begin() && std::prev(next)->pair.span().covers(secret.span)) {
      secret.place = SecretPlace::variable;
    }
  }
}

std::optional<Span> user_info_in(std::string_view text) {
  const std::size_t colon = text.find("://");
  const auto found = colon == text.npos ? std::nullopt : user_info_at(text, colon);
  if (!found) return std::nullopt;
  return Span{static_cast<std::uint32_t>(found->begin), static_cast<std::uint32_t>(found->end)};
}

std::optional<Fix> netrc_fix(const Document& document, const PlacedSecret& secret) {
  if (!secret.user_info || !secret.instruction || !secret.command) return std::nullopt;
  const Run run(Instruction(document, *secret.instruction));
  if (run.kind() != Keyword::run) return std::nullopt;
  return netrc_fix(run.commands()[*secret.command], *secret.user_info);
}

std::optional<Fix> netrc_fix(const Command& command, Span user_info) {
  constexpr unsigned brought_secrets = 2;
  const Run run = command.run();
  const auto stage = run.stage();
  if (!stage || run.is_trigger()) return std::nullopt;
  // The home of any other user is not known.
  const std::string user = stage->state_before(run.index()).account.text;
  if (!user.empty() && user != "root" && user != "0") return std::nullopt;

  const std::string& program = command.name();
  if (!is_listed(program, "git curl wget pip pip3 uv")) return std::nullopt;
  std::vector<Edit> edits;
  if (!require_syntax(run.document(), brought_secrets, edits)) return std::nullopt;
  edits.push_back(replace(user_info, ""));
  const bool mounted = std::ranges::any_of(run.mounts(), [](const Mount& mount) {
    return mount.get("target", "dst", "destination") == "/root/.netrc";
  });
  if (!mounted) {
    edits.push_back(add_flag(run, "--mount=type=secret,id=netrc,target=/root/.netrc"));
  }
  if (program == "curl") {
    const auto is_netrc = [](const std::optional<std::string>& argument) {
      return argument == "-n" || argument == "--netrc";
    };
    if (std::ranges::none_of(command.argument_texts(), is_netrc)) {
      edits.push_back(insert_arguments(command, {"--netrc"}));
    }
  } else if (program == "wget") {
    // That of busybox reads no such file.
    const auto image = stage->base_image();
    const auto distribution = image ? facts::distribution(image->familiar_name(), image->tag)
                                    : facts::Distribution::unknown;
    if (distribution == facts::Distribution::alpine ||
        distribution == facts::Distribution::busybox) {
      return std::nullopt;
    }
  }
  return Fix{
      "Give " + program + " the login in a .netrc; build with --secret id=netrc,src=$HOME/.netrc",
      Safety::unsafe, std::move(edits)};
}

}  // namespace bulkhead::rules
