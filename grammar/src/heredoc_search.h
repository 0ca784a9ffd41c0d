// Finding the heredocs of an instruction.
//
// BuildKit splits the joined line with its own shell lexer, whose escape is always the backslash, and
// takes words of the form digits? `<<` `-`? word. If the lexer fails anywhere (an open quote, a
// substitution it does not know) there are no heredocs at all. This machine does the same, a character
// at a time, so that it can be stopped and resumed between two tokens.

#ifndef DOCKERFILE_HEREDOC_SEARCH_H_
#define DOCKERFILE_HEREDOC_SEARCH_H_

#include "characters.h"

static const uint64_t HASH_START = 0xcbf29ce484222325u;  // FNV-1a
static uint64_t hash(uint64_t value, int32_t c) {
  return (value ^ (uint32_t)c) * 0x100000001b3u;
}

// What the next character stands in. PATTERN: up to the second `/` of `${x/p/r}`.
enum Frame { TOP, SINGLE_QUOTE, DOUBLE_QUOTE, BRACE, PATTERN };
enum { MAX_FRAMES = 64 };  // deeper nesting counts as a failure

// What the characters before it have begun.
enum Step {
  PLAIN,
  AFTER_ESCAPE,
  AFTER_DOLLAR,
  BRACE_START,  // after `${`
  BRACE_NAME,
  BRACE_NAME_DIGITS,
  BRACE_NAME_END,  // the name is complete: an operator or `}` must follow
  AFTER_COLON,
  AFTER_SLASH,  // a second one may follow
  AFTER_LESS,
  AFTER_TWO_LESS,  // blanks belong to the word
};

// What the word is so far.
enum Word {
  WORD_NONE,
  WORD_DIGITS,
  WORD_OTHER,
  WORD_MARKER,  // `<<` has been read: `-` may follow
  WORD_HEREDOC,
};

typedef struct {
  uint64_t name;     // its hash: no text has to be kept
  bool strips_tabs;  // `<<-`
} Terminator;

typedef struct {
  bool failed;  // the lexer would give up: no heredocs
  enum Step step;
  enum Word word;
  uint8_t depth;
  uint8_t frames[MAX_FRAMES];  // frames[0] is TOP
  Terminator candidate;        // while `word` is WORD_MARKER or WORD_HEREDOC
  bool name_is_empty;
} HeredocSearch;

// Puts it at the start of a line. What is not set here is set before it is read.
static void clear_search(HeredocSearch* search) {
  search->failed = false;
  search->step = PLAIN;
  search->word = WORD_NONE;
  search->depth = 0;
  search->frames[0] = TOP;
}

static void push_frame(HeredocSearch* search, enum Frame frame) {
  if (search->depth + 1 >= MAX_FRAMES) {
    search->failed = true;
    return;
  }
  search->frames[++search->depth] = (uint8_t)frame;
}

static void add_to_name(HeredocSearch* search, int32_t c) {
  if (search->word != WORD_HEREDOC && search->word != WORD_MARKER) return;
  search->word = WORD_HEREDOC;
  search->candidate.name = hash(search->candidate.name, c);
  search->name_is_empty = false;
}

// Returns whether the word that ends here is a heredoc's: `candidate`.
static bool end_word(HeredocSearch* search) {
  bool found = search->word == WORD_HEREDOC && !search->name_is_empty;
  search->word = WORD_NONE;
  return found;
}

// A character that is part of a word at top level, quoted or not, and has no other meaning.
static void take_word_character(HeredocSearch* search, int32_t c, bool quoted) {
  switch (search->word) {
    case WORD_NONE:
    case WORD_DIGITS:
      search->word = is_digit(c) && !quoted ? WORD_DIGITS : WORD_OTHER;
      break;
    case WORD_MARKER:
    case WORD_HEREDOC:
      if (c == '<') {
        search->word = WORD_OTHER;
      } else {
        add_to_name(search, c);
      }
      break;
    case WORD_OTHER:
      break;
  }
}

// The expansion that ends here had an operator: BuildKit then loses what stood before it in the word.
static void end_operand(HeredocSearch* search) {
  search->depth--;
  search->word = WORD_OTHER;
}

static bool in_quotes_at_top(const HeredocSearch* search) {
  return search->depth == 1 && search->frames[1] != BRACE && search->frames[1] != PATTERN;
}

// A character between `${` and the operand. It is known to be no part of an operand yet.
static void take_brace_character(HeredocSearch* search, int32_t c) {
  bool name_character = is_letter(c) || is_digit(c) || c == '_' || c >= 0x80;
  switch (search->step) {
    case AFTER_COLON:
      search->step = PLAIN;
      if (c == '#' || c == '%') search->failed = true;
      push_frame(search, BRACE);
      return;
    case BRACE_START:
      if (c == '@' || c == '*' || c == '#' || c == '?' || c == '-' || c == '$' || c == '!') {
        search->step = BRACE_NAME_END;
        return;
      }
      if (name_character) {
        search->step = is_digit(c) ? BRACE_NAME_DIGITS : BRACE_NAME;
        return;
      }
      if (c == '{' || c == '}' || c == ':') search->failed = true;
      break;
    case BRACE_NAME:
      if (name_character) return;
      break;
    case BRACE_NAME_DIGITS:
      if (is_digit(c)) return;
      break;
    default:
      break;
  }
  search->step = PLAIN;
  if (c == '}') return;
  if (c == ':') {
    search->step = AFTER_COLON;
  } else if (c == '/') {
    search->step = AFTER_SLASH;
  } else if (c == '+' || c == '-' || c == '?' || c == '#' || c == '%') {
    push_frame(search, BRACE);
  } else {
    search->failed = true;
  }
}

// Takes the next character of the joined line. Returns whether it ends a heredoc's word: `candidate`.
static bool search_step(HeredocSearch* search, int32_t c) {
  enum Frame frame = (enum Frame)search->frames[search->depth];
  bool names = frame == TOP || in_quotes_at_top(search);  // characters count for the word

  // What has been begun decides first.
  switch (search->step) {
    case AFTER_ESCAPE:
      search->step = PLAIN;
      if (!names) return false;
      if (frame == DOUBLE_QUOTE && c != '"' && c != '$' && c != '\\')
        take_word_character(search, '\\', true);
      take_word_character(search, c, true);
      return false;
    case AFTER_DOLLAR:
      search->step = c == '{' ? BRACE_START : PLAIN;
      if (c != '{' && c != '$') break;  // `$$` is a special parameter, other names are plain text
      if (names) take_word_character(search, c, true);
      return false;
    case BRACE_START:
    case BRACE_NAME:
    case BRACE_NAME_DIGITS:
    case BRACE_NAME_END:
    case AFTER_COLON:
      if (names) take_word_character(search, c, true);
      take_brace_character(search, c);
      return false;
    case AFTER_SLASH:
      search->step = PLAIN;
      push_frame(search, PATTERN);
      if (c == '/') return false;
      frame = PATTERN;
      names = false;
      break;
    case AFTER_LESS:
      search->step = PLAIN;
      if (c == '<') {
        search->step = AFTER_TWO_LESS;
        if (search->word == WORD_NONE || search->word == WORD_DIGITS) {
          search->word = WORD_MARKER;
          search->candidate.name = HASH_START;
          search->candidate.strips_tabs = false;
          search->name_is_empty = true;
        } else {
          search->word = WORD_OTHER;
        }
        return false;
      }
      search->word = WORD_OTHER;
      break;
    case AFTER_TWO_LESS:
      if (c == ' ' || c == '\t' || c == '\r') {
        if (search->word == WORD_MARKER) search->word = WORD_HEREDOC;
        return false;
      }
      search->step = PLAIN;
      if (search->word == WORD_MARKER && c == '-') {
        search->word = WORD_HEREDOC;
        search->candidate.strips_tabs = true;
        return false;
      }
      break;
    case PLAIN:
      break;
  }

  // Then what it stands in.
  switch (frame) {
    case SINGLE_QUOTE:
      if (c == '\'') {
        search->depth--;
      } else if (names) {
        take_word_character(search, c, true);
      }
      return false;
    case DOUBLE_QUOTE:
      if (c == '"') {
        search->depth--;
      } else if (c == '\\') {
        search->step = AFTER_ESCAPE;
      } else {
        if (c == '$') search->step = AFTER_DOLLAR;
        if (names) take_word_character(search, c, true);
      }
      return false;
    case BRACE:
      if (c == '}') {
        end_operand(search);
        return false;
      }
      break;
    case PATTERN:
      if (c == '/') {
        search->frames[search->depth] = BRACE;
        return false;
      }
      break;
    case TOP:
      break;
  }

  switch (c) {
    case '\\':
      search->step = AFTER_ESCAPE;
      break;
    case '\'':
    case '"':
      if (names && search->word != WORD_HEREDOC)
        search->word = search->word == WORD_MARKER ? WORD_HEREDOC : WORD_OTHER;
      push_frame(search, c == '"' ? DOUBLE_QUOTE : SINGLE_QUOTE);
      break;
    case '$':
      search->step = AFTER_DOLLAR;
      if (names) take_word_character(search, c, true);
      break;
    case '<':
      if (!names) break;
      search->step = AFTER_LESS;
      break;
    default:
      if (!names) break;
      if (is_space(c)) return end_word(search);
      take_word_character(search, c, false);
  }
  return false;
}

// At the end of the joined line: whether the last word is a heredoc's.
static bool search_end(HeredocSearch* search) {
  bool inside_braces = search->step >= BRACE_START && search->step <= AFTER_SLASH;
  search->failed |= search->depth > 0 || inside_braces;
  if (search->step == AFTER_LESS) search->word = WORD_OTHER;
  return end_word(search);
}

// A character that begins and ends nothing, but in braces.
static inline bool is_ordinary(int32_t c) {
  return (c > '<' && c != '\\' && c != '`' && c < 0x80) || (c >= '(' && c < '<');
}

// Whether no ordinary character changes anything.
static inline bool search_is_idle(const HeredocSearch* search) {
  return search->failed || (search->step == PLAIN && search->word == WORD_OTHER &&
                            search->frames[search->depth] <= DOUBLE_QUOTE);
}

#endif
