// External scanner of the Dockerfile grammar: the lines of a file, and each token that may follow a blank.
//
// It reads as BuildKit does: physical lines are joined first (escape character, comment and blank
// lines inside a continuation), heredocs are looked for in the joined line, words come last. Each call
// emits one token. Blanks in front of a token become its padding; they are no token themselves.
//
// Rules that incremental parsing depends on:
// - What is emitted at a place follows from the text and the serialised state, never from the one
//   parser state that happens to be there: a reused node leads to another one.
// - What the state says of an instruction is zero again at its end, or all below would be lexed anew.
// - State is saved with a returned token only, so a bit says something about the *next* token.

#include "characters.h"
#include "heredoc_search.h"
#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// --- Tokens: in the order of `externals` in grammar.js -------------------------------------------

enum TokenType {
  FROM,
  RUN,
  CMD,
  LABEL,
  MAINTAINER,
  EXPOSE,
  ENV,
  ADD,
  COPY,
  ENTRYPOINT,
  VOLUME,
  USER,
  WORKDIR,
  ARG,
  ONBUILD,
  STOPSIGNAL,
  HEALTHCHECK,
  SHELL,
  UNKNOWN_KEYWORD,
  INSTRUCTION_START,  // zero-width, in front of a line of a lone escape
  COMMENT,
  LINE_CONTINUATION,
  END_OF_LINE,
  END_OF_LINE_BEFORE_HEREDOC,
  END_OF_SHELL_COMMAND,
  END_OF_FILE,
  DIRECTIVE_MARKER,
  DIRECTIVE_NAME,
  DIRECTIVE_EQUALS,
  DIRECTIVE_VALUE,
  FLAG_NAME,
  MOUNT_FLAG_NAME,
  END_OF_FLAGS,
  PLAIN_WORD,
  WORD_START,
  PLAIN_NAME,
  NAME_START,
  PLAIN_VALUE,
  PLAIN_TEXT,
  TEXT_START,
  REGISTRY,
  PLAIN_REPOSITORY,
  REPOSITORY_START,
  AS,
  PORT_START,
  HEALTHCHECK_NONE,
  HEALTHCHECK_CMD,
  FIRST_SHELL_FRAGMENT,
  SHELL_FRAGMENT,  // an extra: always valid, so END_OF_SHELL_COMMAND tells whether we are in shell text
  JSON_OPEN,
  JSON_COMMA,
  JSON_CLOSE,
  PLAIN_JSON_STRING,
  JSON_QUOTE,
  ESCAPE_SEQUENCE,       // in text, names and values: may hold a blank
  WORD_ESCAPE_SEQUENCE,  // in words that are split at every blank
  UNCLOSED,              // zero-width: a quote, or an expansion in text, is not closed on its line
  UNCLOSED_QUOTED_BRACE,
  UNCLOSED_WORD_BRACE,
  HEREDOC_SEARCH,  // zero-width, in front of a `<<`: the heredocs of the instruction are known now
  HEREDOC_START,
  HEREDOC_BODY,
  HEREDOC_END,
  LAST_HEREDOC_END,
  ERROR_SENTINEL,  // no rule uses it: valid only while the parser recovers from an error
};

static const char* const KEYWORDS[] = {
    "FROM",    "RUN", "CMD",     "LABEL",      "MAINTAINER",  "EXPOSE",
    "ENV",     "ADD", "COPY",    "ENTRYPOINT", "VOLUME",      "USER",
    "WORKDIR", "ARG", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL",
};
enum { KEYWORD_COUNT = sizeof KEYWORDS / sizeof KEYWORDS[0], LONGEST_KEYWORD = 11 };

// --- State ---------------------------------------------------------------------------------------

// Where parser directives are allowed.
enum Phase { AT_FILE_START, AFTER_DIRECTIVE, PAST_DIRECTIVES };

// Comment lines inside a continuation: each is followed by a continuation of its own, so that the
// comment node ends in front of its newline.
enum CommentState { NO_COMMENT, COMMENT_NEXT, NEWLINE_AFTER_COMMENT };

enum {
  SERIALIZED_HEADER = 4,
  SERIALIZED_NUMBER = 5,  // at most
  SERIALIZED_HEREDOCS =
      TREE_SITTER_SERIALIZATION_BUFFER_SIZE - SERIALIZED_HEADER - 3 * SERIALIZED_NUMBER,
  // Of one instruction. One with a body of less than 64 lines takes a byte of the state, usually.
  MAX_HEREDOCS = 800,
  // Then terminators are no longer looked for, or it would be quadratic. BuildKit takes no text that has
  // even one heredoc without its terminator.
  MAX_FAILED_SEARCHES = 16,
};

_Static_assert(SERIALIZED_HEADER + MAX_FRAMES <= TREE_SITTER_SERIALIZATION_BUFFER_SIZE,
               "a search must fit; it has ended when there are heredocs");

// A heredoc whose marker or body is still to come. That its terminator is there has been seen when the
// heredocs were searched for, so its name need not be kept: no bound on its length, and little state.
typedef struct {
  uint32_t lines;         // of its body
  uint32_t pairs_before;  // `<<` between the previous heredoc's marker and this one's
} Heredoc;

typedef struct {
  enum Phase phase;
  bool escape_is_backtick;
  enum CommentState comment;
  bool separated;  // a blank stood before the continuation: the next character starts a word
  uint8_t failed_searches;

  // In RUN the search for heredocs goes along with the fragments, up to the first candidate.
  bool searched;  // it is complete, or there is none to make
  HeredocSearch search;

  // The heredocs of the current instruction, from the search to the last terminator. If one of them has
  // no terminator, `next_heredoc` is behind the last.
  uint16_t heredoc_count;
  uint16_t next_heredoc;   // whose body comes next
  uint16_t next_marker;    // whose `<<` comes next
  uint32_t pairs_to_skip;  // `<<` in front of that one
  Heredoc heredocs[MAX_HEREDOCS];
  Terminator terminators[MAX_HEREDOCS];  // only during the search: no part of the state
} Scanner;

static int32_t escape_character(const Scanner* scanner) {
  return scanner->escape_is_backtick ? '`' : '\\';
}

static void forget_heredocs(Scanner* scanner) {
  scanner->heredoc_count = 0;
  scanner->next_heredoc = 0;
  scanner->next_marker = 0;
  scanner->pairs_to_skip = 0;
}

static void reset_search(Scanner* scanner, bool searched) {
  clear_search(&scanner->search);
  scanner->searched = searched;
}

// --- Characters ----------------------------------------------------------------------------------

static void advance(TSLexer* lexer) {
  lexer->advance(lexer, false);
}
static void skip(TSLexer* lexer) {
  lexer->advance(lexer, true);
}

static bool at_end_of_line(TSLexer* lexer) {
  return lexer->lookahead == '\n' || (lexer->lookahead == 0 && lexer->eof(lexer));
}

static bool equals_ignoring_case(const char* upper, const int32_t* text, unsigned length) {
  for (unsigned i = 0; i < length; i++) {
    if (upper[i] == '\0' || upper[i] != to_upper(text[i])) return false;
  }
  return upper[length] == '\0';
}

static bool emit(TSLexer* lexer, enum TokenType type) {
  lexer->result_symbol = (TSSymbol)type;
  return true;
}

// --- Continuations -------------------------------------------------------------------------------

typedef enum {
  CONTINUATION,   // it joins lines; the newline has been read
  ESCAPE_RUN,     // two or more: content, even at the end of the line
  SINGLE_ESCAPE,  // one, and neither another one nor the end of the line behind it
} EscapeKind;

typedef struct {
  EscapeKind kind;
  unsigned length;  // characters of the run
  unsigned blanks;  // read behind it
} Escape;

// Where to put the mark in case it is no continuation: it cannot be moved back later.
typedef enum { MARK_NOTHING, MARK_ESCAPE, MARK_ESCAPE_AND_BLANK } Marking;

// Reads an escape character and what decides its meaning. The character before must not be one.
static Escape read_escape(TSLexer* lexer, int32_t escape, Marking marking) {
  Escape result = {SINGLE_ESCAPE, 0, 0};
  while (lexer->lookahead == escape) {
    advance(lexer);
    result.length++;
  }
  if (marking != MARK_NOTHING) lexer->mark_end(lexer);
  if (result.length > 1) {
    result.kind = ESCAPE_RUN;
    return result;
  }
  bool carriage_return = false;  // only more of them may follow one
  while (lexer->lookahead == '\r' ||
         (!carriage_return && (lexer->lookahead == ' ' || lexer->lookahead == '\t'))) {
    carriage_return |= lexer->lookahead == '\r';
    advance(lexer);
    if (result.blanks == 0 && marking == MARK_ESCAPE_AND_BLANK) lexer->mark_end(lexer);
    result.blanks++;
  }
  if (at_end_of_line(lexer)) {
    result.kind = CONTINUATION;
    if (lexer->lookahead == '\n') advance(lexer);
  }
  return result;
}

// What comes behind a continuation and the blank lines that follow it.
typedef enum { NEXT_COMMENT, NEXT_INDENTED, NEXT_NOT_INDENTED } NextLine;

// Behind a continuation's newline: reads the blank lines, which belong to it, and the indentation of the
// next other line, which belongs to it only in front of a comment.
static NextLine read_blank_lines(TSLexer* lexer) {
  bool indented;
  do {
    lexer->mark_end(lexer);
    indented = false;
    for (; is_space(lexer->lookahead) && lexer->lookahead != '\n'; advance(lexer)) indented = true;
    if (lexer->lookahead != '\n') break;
    advance(lexer);
  } while (true);
  bool comment = lexer->lookahead == '#';
  // The last line of a file may be blank and lack a newline.
  if (comment || lexer->eof(lexer)) lexer->mark_end(lexer);
  return comment ? NEXT_COMMENT : indented ? NEXT_INDENTED : NEXT_NOT_INDENTED;
}

static bool scan_continuation(Scanner* scanner, TSLexer* lexer, bool separated) {
  if (read_blank_lines(lexer) == NEXT_COMMENT) scanner->comment = COMMENT_NEXT;
  scanner->separated = separated;
  return emit(lexer, LINE_CONTINUATION);
}

// The text of an instruction with its lines joined, from the lexer's place on. Only for looking ahead.
typedef struct {
  TSLexer* lexer;
  int32_t escape;
  bool at_line_start;       // of a line that continues the instruction
  unsigned queued_escapes;  // read by a probe, still to be given
  unsigned queued_blanks;
} JoinedText;

enum { JOINED_END = -2 };  // -1 is what the runtime gives for a byte that is not UTF-8

static void skip_rest_of_line(TSLexer* lexer) {
  while (!at_end_of_line(lexer)) advance(lexer);
  if (lexer->lookahead == '\n') advance(lexer);
}

static int32_t next_joined(JoinedText* text) {
  TSLexer* lexer = text->lexer;
  for (;;) {
    if (text->queued_escapes > 0) {
      text->queued_escapes--;
      return text->escape;
    }
    if (text->queued_blanks > 0) {
      text->queued_blanks--;
      return ' ';
    }
    if (text->at_line_start) {
      // Comment and blank lines vanish; the indentation of any other line is part of the text.
      unsigned blanks = 0;
      while (is_space(lexer->lookahead) && lexer->lookahead != '\n') {
        advance(lexer);
        blanks++;
      }
      if (lexer->lookahead == '#') {
        skip_rest_of_line(lexer);
        continue;
      }
      if (lexer->lookahead == '\n') {
        advance(lexer);
        continue;
      }
      text->at_line_start = false;
      text->queued_blanks = blanks;
      continue;
    }
    if (lexer->lookahead == text->escape) {
      Escape read = read_escape(lexer, text->escape, MARK_NOTHING);
      if (read.kind == CONTINUATION) {
        text->at_line_start = true;
      } else {
        text->queued_escapes = read.length;
        text->queued_blanks = read.blanks;
      }
      continue;
    }
    if (at_end_of_line(lexer)) return JOINED_END;
    int32_t c = lexer->lookahead;
    advance(lexer);
    return c;
  }
}

// Behind a continuation that may stand in the middle of a word: the word's next character, which is
// read, or a blank or JOINED_END if the word ended in front of the continuation.
static int32_t next_after_continuation(TSLexer* lexer, int32_t escape) {
  JoinedText text = {.lexer = lexer, .escape = escape, .at_line_start = true};
  return next_joined(&text);
}

static bool ends_word(int32_t c) {
  return c == JOINED_END || is_space(c);
}

// --- Heredocs: finding them ----------------------------------------------------------------------

static void add_heredoc(Scanner* scanner, unsigned pairs_before) {
  if (scanner->heredoc_count == MAX_HEREDOCS) return;
  scanner->terminators[scanner->heredoc_count] = scanner->search.candidate;
  scanner->heredocs[scanner->heredoc_count] = (Heredoc){0, pairs_before};
  scanner->heredoc_count++;
}

// Reads a line; returns whether it is the terminator. The lexer then stands in front of its newline.
static bool read_heredoc_line(TSLexer* lexer, const Terminator* terminator) {
  if (terminator->strips_tabs) {
    while (lexer->lookahead == '\t') advance(lexer);
  }
  uint64_t name = HASH_START;
  unsigned carriage_returns = 0;  // those at the end of the line do not count
  for (; !at_end_of_line(lexer); advance(lexer)) {
    if (lexer->lookahead == '\r') {
      carriage_returns++;
      continue;
    }
    for (; carriage_returns > 0; carriage_returns--) name = hash(name, '\r');
    name = hash(name, lexer->lookahead);
  }
  return name == terminator->name;
}

// In front of the newline that ends the instruction's text: finds the terminators, or says that one is
// missing.
static bool measure_heredocs(Scanner* scanner, TSLexer* lexer) {
  for (unsigned i = 0; i < scanner->heredoc_count; i++) {
    for (uint32_t lines = 0;; lines++) {
      if (lexer->lookahead != '\n') return false;  // end of file
      advance(lexer);
      if (lexer->lookahead == 0 && lexer->eof(lexer)) return false;
      scanner->heredocs[i].lines = lines;
      if (read_heredoc_line(lexer, &scanner->terminators[i])) break;
    }
  }
  return true;
}

static unsigned number_size(uint32_t number) {
  unsigned size = 1;
  for (; number >= 0x80; number >>= 7) size++;
  return size;
}

// How a heredoc is written to the state. Its marker's place counts until that has been read.
static uint32_t packed_lines(const Heredoc* heredoc, bool marker_is_read) {
  return heredoc->lines << 1 | (heredoc->pairs_before > 0 && !marker_is_read);
}

static uint16_t min(uint16_t a, uint16_t b) {
  return a < b ? a : b;
}

// Drops the last heredocs if the state has no room for them.
static void keep_what_fits(Scanner* scanner) {
  unsigned size = 0;
  for (unsigned i = 0; i < scanner->heredoc_count; i++) {
    const Heredoc* heredoc = &scanner->heredocs[i];
    size += number_size(packed_lines(heredoc, false)) + number_size(heredoc->pairs_before);
    if (heredoc->pairs_before == 0) size--;
    if (size > SERIALIZED_HEREDOCS) scanner->heredoc_count = (uint16_t)i;
  }
  scanner->next_heredoc = min(scanner->next_heredoc, scanner->heredoc_count);
}

// Takes the search to the end of the instruction: then all its heredocs are known.
static void complete_search(Scanner* scanner, TSLexer* lexer, JoinedText* text) {
  HeredocSearch* search = &scanner->search;
  // Pairs of `<` are counted without regard to quotes, as the scan of the fragments does.
  unsigned pairs = 0, pairs_before_candidate = 0;
  bool after_less = false;
  for (int32_t c; !search->failed && (c = next_joined(text)) != JOINED_END;) {
    enum Word word = search->word;
    if (is_ordinary(c) && search_is_idle(search)) {
      // Nothing changes.
    } else if (search_step(search, c)) {
      add_heredoc(scanner, pairs_before_candidate);
      pairs = 0;
    } else if (search->word == WORD_MARKER && word != WORD_MARKER) {
      pairs_before_candidate = pairs;
    }
    bool pair = c == '<' && after_less;
    after_less = c == '<' && !pair;
    if (pair) pairs++;
  }
  if (search_end(search)) add_heredoc(scanner, pairs_before_candidate);
  if (search->failed) forget_heredocs(scanner);
  reset_search(scanner, true);
  if (scanner->heredoc_count == 0) return;
  if (scanner->failed_searches == MAX_FAILED_SEARCHES || !measure_heredocs(scanner, lexer)) {
    // While a heredoc is being typed, it has a marker, but the lines below stay instructions.
    if (scanner->failed_searches < MAX_FAILED_SEARCHES) scanner->failed_searches++;
    scanner->next_heredoc = scanner->heredoc_count;
  }
  keep_what_fits(scanner);
  scanner->pairs_to_skip = scanner->heredocs[0].pairs_before;
}

// Behind a keyword that may have heredocs. The text of RUN is searched as it is scanned, or it would be
// read twice, but flags count as well and are not all scanned here.
static void start_search(Scanner* scanner, TSLexer* lexer, enum TokenType keyword) {
  JoinedText text = {.lexer = lexer, .escape = escape_character(scanner)};
  if (keyword == RUN) {
    int32_t c;
    do c = next_joined(&text);
    while (is_space(c));
    if (c != '-') return;
    search_step(&scanner->search, c);
  }
  complete_search(scanner, lexer, &text);
}

// --- Heredocs: their lines -----------------------------------------------------------------------

static bool scan_heredoc(Scanner* scanner, TSLexer* lexer, const bool* valid) {
  if (valid[HEREDOC_BODY]) {  // else the body has just been read, and its last newline with it
    while (is_blank(lexer->lookahead)) skip(lexer);
    if (lexer->lookahead != '\n') return false;
    skip(lexer);
  }
  if (scanner->next_heredoc >= scanner->heredoc_count) return false;
  Heredoc* heredoc = &scanner->heredocs[scanner->next_heredoc];
  if (heredoc->lines > 0) {
    for (; heredoc->lines > 0; heredoc->lines--) {
      while (!at_end_of_line(lexer)) advance(lexer);
      if (lexer->lookahead != '\n') return false;
      advance(lexer);
    }
    lexer->mark_end(lexer);
    return emit(lexer, HEREDOC_BODY);
  }
  bool in_carriage_returns = false;  // those at the end belong to no token
  lexer->mark_end(lexer);
  for (; !at_end_of_line(lexer); advance(lexer)) {
    bool carriage_return = lexer->lookahead == '\r';
    if (carriage_return && !in_carriage_returns) lexer->mark_end(lexer);
    in_carriage_returns = carriage_return;
  }
  if (!in_carriage_returns) lexer->mark_end(lexer);
  scanner->next_heredoc++;
  if (scanner->next_heredoc < scanner->heredoc_count) return emit(lexer, HEREDOC_END);
  forget_heredocs(scanner);
  return emit(lexer, LAST_HEREDOC_END);
}

// --- Lines: keywords, comments, directives -------------------------------------------------------

// From `#` to the end of the line, without carriage returns at its end.
static bool scan_comment(TSLexer* lexer) {
  bool marked = false;
  while (!at_end_of_line(lexer)) {
    bool carriage_return = lexer->lookahead == '\r';
    if (carriage_return && !marked) lexer->mark_end(lexer);
    marked = carriage_return;
    advance(lexer);
  }
  if (!marked) lexer->mark_end(lexer);
  return emit(lexer, COMMENT);
}

enum { LONGEST_DIRECTIVE = 6 };

// At the `#` of a line on which a directive may stand. Marks the end of the `#`. Sets the escape
// character here, where the look-ahead covers the value.
static bool scan_directive_marker(Scanner* scanner, TSLexer* lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  while (is_blank(lexer->lookahead)) advance(lexer);
  int32_t name[LONGEST_DIRECTIVE];
  unsigned length = 0;
  for (; is_letter(lexer->lookahead) || is_digit(lexer->lookahead); advance(lexer), length++) {
    if (length == LONGEST_DIRECTIVE) return false;
    name[length] = lexer->lookahead;
  }
  bool is_escape = equals_ignoring_case("ESCAPE", name, length);
  if (!is_escape && !equals_ignoring_case("SYNTAX", name, length) &&
      !equals_ignoring_case("CHECK", name, length)) {
    return false;
  }
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (lexer->lookahead != '=') return false;
  advance(lexer);
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (at_end_of_line(lexer)) return false;
  if (is_escape) {
    int32_t value = lexer->lookahead;
    advance(lexer);
    while (is_blank(lexer->lookahead)) advance(lexer);
    if (at_end_of_line(lexer) && (value == '`' || value == '\\'))
      scanner->escape_is_backtick = value == '`';
  }
  return true;
}

static bool scan_directive(TSLexer* lexer, const bool* valid) {
  while (is_blank(lexer->lookahead)) skip(lexer);
  if (at_end_of_line(lexer)) return false;
  if (valid[DIRECTIVE_NAME]) {
    while (is_letter(lexer->lookahead)) advance(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, DIRECTIVE_NAME);
  }
  if (valid[DIRECTIVE_EQUALS]) {
    advance(lexer);
    lexer->mark_end(lexer);
    return emit(lexer, DIRECTIVE_EQUALS);
  }
  bool in_blanks = false;
  while (!at_end_of_line(lexer)) {
    bool blank = is_blank(lexer->lookahead);
    if (blank && !in_blanks) lexer->mark_end(lexer);
    in_blanks = blank;
    advance(lexer);
  }
  if (!in_blanks) lexer->mark_end(lexer);
  return emit(lexer, DIRECTIVE_VALUE);
}

// A keyword ends at a blank; a continuation may cut it in two. A continuation in front of it is a token
// of its own, and in front of the first such one comes the instruction's start. The mark must stand at
// the start.
static bool scan_keyword(Scanner* scanner, TSLexer* lexer, bool may_start, bool under_onbuild) {
  int32_t escape = escape_character(scanner);
  int32_t text[LONGEST_KEYWORD];
  unsigned length = 0;
  bool known = true, marked = false;
  while (!at_end_of_line(lexer) && !is_blank(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    if (c == escape) {
      lexer->mark_end(lexer);
      Escape read = read_escape(lexer, escape, MARK_NOTHING);
      if (read.kind == CONTINUATION) {
        if (length == 0 && may_start) return emit(lexer, INSTRUCTION_START);
        if (length == 0) return scan_continuation(scanner, lexer, true);
        c = next_after_continuation(lexer, escape);
        if (ends_word(c)) {
          marked = true;
          break;
        }
      } else {
        known = false;
        if (read.blanks > 0) {  // The mark cannot go back: they become a part of this non-keyword.
          scanner->separated = true;
          break;
        }
      }
    } else {
      advance(lexer);
    }
    if (length < LONGEST_KEYWORD) text[length] = c;
    length++;
  }
  if (!marked) lexer->mark_end(lexer);
  enum TokenType type = UNKNOWN_KEYWORD;
  if (known && length <= LONGEST_KEYWORD) {
    for (unsigned i = 0; i < KEYWORD_COUNT && type == UNKNOWN_KEYWORD; i++) {
      if (equals_ignoring_case(KEYWORDS[i], text, length)) type = (enum TokenType)i;
    }
  }
  // BuildKit looks for heredocs under one ONBUILD, but not under two.
  if (type == ONBUILD && under_onbuild) scanner->searched = true;
  if ((type == RUN || type == ADD || type == COPY) && !scanner->searched)
    start_search(scanner, lexer, type);
  return emit(lexer, type);
}

static bool scan_line_start(Scanner* scanner, TSLexer* lexer, const bool* valid) {
  unsigned newlines = 0;
  while (is_space(lexer->lookahead)) {
    newlines += lexer->lookahead == '\n';
    skip(lexer);
  }
  lexer->mark_end(lexer);
  // Behind a lone escape the file's end is an instruction without a keyword.
  if (lexer->eof(lexer)) return emit(lexer, valid[END_OF_FILE] ? END_OF_FILE : UNKNOWN_KEYWORD);

  unsigned newlines_allowed = scanner->phase == AFTER_DIRECTIVE ? 1 : 0;
  bool directive_allowed = scanner->phase != PAST_DIRECTIVES && newlines <= newlines_allowed;
  scanner->phase = PAST_DIRECTIVES;
  if (lexer->lookahead != '#') return scan_keyword(scanner, lexer, valid[INSTRUCTION_START], false);
  if (directive_allowed && scan_directive_marker(scanner, lexer)) {
    scanner->phase = AFTER_DIRECTIVE;
    return emit(lexer, DIRECTIVE_MARKER);
  }
  return scan_comment(lexer);
}

// --- Shell text ----------------------------------------------------------------------------------

// Behind `<<`: the marker's word, quotes and all, even if it is cut in two.
static bool scan_heredoc_word(Scanner* scanner, TSLexer* lexer) {
  int32_t escape = escape_character(scanner);
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r')
    advance(lexer);
  int32_t quote = 0;
  bool marked = false;
  while (!at_end_of_line(lexer)) {
    int32_t c = lexer->lookahead;
    if (quote == 0 && is_space(c)) break;
    if (c == escape) {
      lexer->mark_end(lexer);
      Escape read = read_escape(lexer, escape, MARK_NOTHING);
      if (read.kind == CONTINUATION) {
        c = next_after_continuation(lexer, escape);
        if (c == JOINED_END || (quote == 0 && is_space(c))) {
          marked = true;
          break;
        }
      } else {
        bool escapes_next =
            escape == '\\' && quote != '\'' && read.length % 2 == 1 && read.blanks == 0;
        if (escapes_next && !at_end_of_line(lexer)) advance(lexer);
        continue;
      }
    } else {
      advance(lexer);
    }
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    }
  }
  if (!marked) lexer->mark_end(lexer);
  scanner->next_marker++;
  bool more = scanner->next_marker < scanner->heredoc_count;
  scanner->pairs_to_skip = more ? scanner->heredocs[scanner->next_marker].pairs_before : 0;
  return emit(lexer, HEREDOC_START);
}

// What has been read of a fragment before it was known to be one: `count` of `character`, then blanks.
typedef struct {
  int32_t character;
  unsigned count;
  unsigned blanks;
} Read;

static const Read NOTHING_READ = {0, 0, 0};

static void search_read(HeredocSearch* search, int32_t c, unsigned count) {
  for (; count > 0; count--) search_step(search, c);
}

// Shell text, continuations and all, up to its end, a comment or the next heredoc's marker; or that marker.
static bool scan_shell_fragment(Scanner* scanner, TSLexer* lexer, const bool* valid,
                                enum TokenType type, bool separated, Read read) {
  int32_t escape = escape_character(scanner);
  HeredocSearch* search = &scanner->search;
  bool searching = valid[HEREDOC_SEARCH] && !scanner->searched;
  bool marker_pending = scanner->next_marker < scanner->heredoc_count;
  bool started = read.count > 0;
  bool in_blanks = false;  // then the mark stands in front of them
  if (searching) {
    if (separated) search_step(search, ' ');
    search_read(search, read.character, read.count);
    search_read(search, ' ', read.blanks);
  }
  while (!at_end_of_line(lexer)) {
    int32_t c = lexer->lookahead;
    if (is_ordinary(c) && (!searching || search_is_idle(search))) {
      // Most of the text, and so most of a file.
      do advance(lexer);
      while (is_ordinary(lexer->lookahead));
      in_blanks = false;
      started = true;
      continue;
    }
    if (is_blank(c)) {
      if (!in_blanks) {
        lexer->mark_end(lexer);
        if (searching) search_step(search, ' ');
      }
      in_blanks = true;
      advance(lexer);
      continue;
    }
    if (c == escape) {
      if (!in_blanks) lexer->mark_end(lexer);
      Escape content = read_escape(lexer, escape, MARK_NOTHING);
      if (content.kind == CONTINUATION) {
        NextLine next = read_blank_lines(lexer);
        if (next == NEXT_COMMENT) {
          scanner->comment = COMMENT_NEXT;
          scanner->separated = in_blanks;
          return emit(lexer, type);
        }
        if (searching && next == NEXT_INDENTED && !in_blanks) search_step(search, ' ');
        in_blanks = true;
        continue;
      }
      if (searching) {
        search_read(search, escape, content.length);
        search_read(search, ' ', content.blanks);
      }
    } else if (c == '<' && marker_pending) {
      if (!in_blanks) lexer->mark_end(lexer);
      advance(lexer);
      if (lexer->lookahead == '<') {
        if (scanner->pairs_to_skip == 0) {
          if (started) return emit(lexer, type);
          if (!valid[HEREDOC_START]) return emit(lexer, HEREDOC_SEARCH);
          advance(lexer);
          return scan_heredoc_word(scanner, lexer);
        }
        scanner->pairs_to_skip--;
        advance(lexer);
      }
    } else {
      if (c == '<' && searching && !in_blanks) lexer->mark_end(lexer);
      advance(lexer);
      if (searching) {
        search_step(search, c);
        if (c == '<' && lexer->lookahead == '<' && search->step == AFTER_LESS) {
          advance(lexer);
          search_step(search, '<');
          if (search->word == WORD_MARKER) {
            JoinedText rest = {.lexer = lexer, .escape = escape};
            complete_search(scanner, lexer, &rest);
            return emit(lexer, started ? type : HEREDOC_SEARCH);
          }
        }
      }
    }
    in_blanks = false;
    started = true;
  }
  if (!in_blanks) lexer->mark_end(lexer);
  return emit(lexer, type);
}

// --- JSON ----------------------------------------------------------------------------------------

// A strict check that the joined text behind `[` is the rest of an array of strings and nothing else.
static bool is_json_string_array(Scanner* scanner, TSLexer* lexer) {
  JoinedText text = {.lexer = lexer, .escape = escape_character(scanner)};
  enum { STRING_OR_END, STRING, COMMA_OR_END, NOTHING } expected = STRING_OR_END;
  for (;;) {
    int32_t c = next_joined(&text);
    if (c == JOINED_END) return expected == NOTHING;
    if (expected == NOTHING ? is_space(c) : c == ' ' || c == '\t' || c == '\r') continue;
    if (c == ']' && (expected == STRING_OR_END || expected == COMMA_OR_END)) {
      expected = NOTHING;
    } else if (c == ',' && expected == COMMA_OR_END) {
      expected = STRING;
    } else if (c == '"' && (expected == STRING_OR_END || expected == STRING)) {
      while ((c = next_joined(&text)) != '"') {
        if (c == JOINED_END || (c >= 0 && c < ' ')) return false;
        if (c != '\\') continue;
        c = next_joined(&text);
        if (c == 'u') {
          for (int digits = 0; digits < 4; digits++) {
            c = to_upper(next_joined(&text));
            if (!is_digit(c) && !(c >= 'A' && c <= 'F')) return false;
          }
        } else if (c <= 0 || c > 'z' || strchr("\"\\/bfnrt", (int)c) == NULL) {
          return false;
        }
      }
      expected = COMMA_OR_END;
    } else {
      return false;
    }
  }
}

// At `[` where an array may stand. If it is none, the bracket is the first piece of text or of a word.
static bool scan_json_open(Scanner* scanner, TSLexer* lexer, const bool* valid) {
  advance(lexer);
  lexer->mark_end(lexer);
  if (is_json_string_array(scanner, lexer)) {
    forget_heredocs(scanner);  // of COPY and ADD
    return emit(lexer, JSON_OPEN);
  }
  if (!valid[FIRST_SHELL_FRAGMENT]) return emit(lexer, WORD_START);
  if (valid[HEREDOC_SEARCH]) search_step(&scanner->search, '[');
  return emit(lexer, FIRST_SHELL_FRAGMENT);
}

static bool scan_json_token(TSLexer* lexer, const bool* valid) {
  int32_t c = lexer->lookahead;
  if (c == ',' && valid[JSON_COMMA]) {
    lexer->result_symbol = JSON_COMMA;
  } else if (c == ']' && valid[JSON_CLOSE]) {
    lexer->result_symbol = JSON_CLOSE;
  } else if (c == '"' && valid[JSON_QUOTE]) {
    lexer->result_symbol = JSON_QUOTE;
  } else {
    return false;
  }
  advance(lexer);
  lexer->mark_end(lexer);
  if (c != '"') return true;
  // A string without escapes is one token.
  for (; !at_end_of_line(lexer) && lexer->lookahead != '\\' && lexer->lookahead != '`';
       advance(lexer)) {
    if (lexer->lookahead == '"') {
      advance(lexer);
      lexer->mark_end(lexer);
      return emit(lexer, PLAIN_JSON_STRING);
    }
  }
  return true;
}

// --- Words, names, values, text ------------------------------------------------------------------

// A word without expansions, escapes and (where they matter) quotes is one token. Of another one, the
// first token is the piece in front of these, and the generated lexer reads on.
typedef struct {
  enum TokenType plain;
  enum TokenType first_piece;
  bool quotes;   // they group
  bool blanks;   // they are content: it goes to the end of the line
  int32_t stop;  // ends it; 0 for none
} WordKind;

static const WordKind WORD = {.plain = PLAIN_WORD, .first_piece = WORD_START};
static const WordKind NAME = {
    .plain = PLAIN_NAME, .first_piece = NAME_START, .quotes = true, .stop = '='};
static const WordKind TEXT = {
    .plain = PLAIN_TEXT, .first_piece = TEXT_START, .quotes = true, .blanks = true};

static bool is_special(const Scanner* scanner, int32_t c, bool quotes) {
  return c == '$' || c == escape_character(scanner) || (quotes && (c == '"' || c == '\''));
}

static bool scan_word(Scanner* scanner, TSLexer* lexer, WordKind kind) {
  bool in_blanks = false;  // then the mark stands in front of them
  while (!at_end_of_line(lexer)) {
    int32_t c = lexer->lookahead;
    bool blank = is_blank(c);
    if (blank && !kind.blanks) break;
    if (c == kind.stop && c != 0) break;
    if (blank && !in_blanks) lexer->mark_end(lexer);
    if (is_special(scanner, c, kind.quotes)) {
      if (!in_blanks) lexer->mark_end(lexer);
      return emit(lexer, kind.first_piece);
    }
    in_blanks = blank;
    advance(lexer);
  }
  if (!in_blanks) lexer->mark_end(lexer);
  return emit(lexer, kind.plain);
}

// Right behind `=`. Any other value is read by the generated lexer from its start.
static bool scan_plain_value(Scanner* scanner, TSLexer* lexer) {
  while (!at_end_of_line(lexer) && !is_blank(lexer->lookahead)) {
    if (is_special(scanner, lexer->lookahead, true)) return false;
    advance(lexer);
  }
  lexer->mark_end(lexer);
  return emit(lexer, PLAIN_VALUE);
}

// An image's name up to its tag or digest: a registry, or a repository if there is none or it has been read.
// Its first part is a registry if it has a `.`, `:` or capital in it or is `localhost`. A repository ends at
// `@`, or at the last colon with no slash behind it.
static bool scan_image_name(Scanner* scanner, TSLexer* lexer, bool registry_allowed) {
  static const char LOCALHOST[] = "localhost";
  unsigned length = 0;
  bool is_localhost = true, is_host = false;
  bool ends_at_mark = false;
  for (; !at_end_of_line(lexer) && !is_blank(lexer->lookahead); advance(lexer)) {
    int32_t c = lexer->lookahead;
    if (c == '@' || is_special(scanner, c, false)) {
      if (ends_at_mark) return emit(lexer, PLAIN_REPOSITORY);
      lexer->mark_end(lexer);
      return emit(lexer, c == '@' ? PLAIN_REPOSITORY : REPOSITORY_START);
    }
    if (c == ':') {
      lexer->mark_end(lexer);
      ends_at_mark = true;
    } else if (c == '/') {
      is_localhost = is_localhost && length == sizeof LOCALHOST - 1;
      if (registry_allowed && length > 0 && (is_host || is_localhost)) {
        lexer->mark_end(lexer);
        return emit(lexer, REGISTRY);
      }
      registry_allowed = false;
      ends_at_mark = false;
    }
    is_localhost = is_localhost && length < sizeof LOCALHOST - 1 && c == LOCALHOST[length];
    is_host |= c == '.' || c == ':' || (c >= 'A' && c <= 'Z');
    length++;
  }
  if (!ends_at_mark) lexer->mark_end(lexer);
  return emit(lexer, PLAIN_REPOSITORY);
}

// `upper` as a word of its own (then `type`); anything else is an ordinary word.
static bool scan_word_or(Scanner* scanner, TSLexer* lexer, const char* upper, enum TokenType type) {
  for (; *upper != '\0'; upper++) {
    if (to_upper(lexer->lookahead) != *upper) return scan_word(scanner, lexer, WORD);
    advance(lexer);
  }
  lexer->mark_end(lexer);
  if (at_end_of_line(lexer) || is_blank(lexer->lookahead)) return emit(lexer, type);
  int32_t escape = escape_character(scanner);
  if (lexer->lookahead != escape) return scan_word(scanner, lexer, WORD);
  bool continues = read_escape(lexer, escape, MARK_NOTHING).kind == CONTINUATION;
  return emit(lexer,
              continues && ends_word(next_after_continuation(lexer, escape)) ? type : WORD_START);
}

// Behind `--`: the name up to `=` or a blank outside quotes, even if it is cut in two.
static bool scan_flag_name(Scanner* scanner, TSLexer* lexer) {
  static const char MOUNT[] = "mount";
  int32_t escape = escape_character(scanner);
  int32_t quote = 0;
  unsigned length = 0;
  bool is_mount = true, marked = false;
  while (!at_end_of_line(lexer) &&
         (quote != 0 || (!is_blank(lexer->lookahead) && lexer->lookahead != '='))) {
    int32_t c = lexer->lookahead;
    if (c == escape) {
      lexer->mark_end(lexer);
      Escape read = read_escape(lexer, escape, MARK_NOTHING);
      if (read.kind == CONTINUATION) {
        c = next_after_continuation(lexer, escape);
        marked = c == JOINED_END || (quote == 0 && is_space(c));
        if (marked) break;
      } else if (read.blanks > 0 &&
                 quote == 0) {  // The mark cannot go back: they become a part of the name.
        scanner->separated = true;
        length++;
        break;
      }
    } else {
      advance(lexer);
    }
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    }
    is_mount = is_mount && length < sizeof MOUNT - 1 && c == MOUNT[length];
    length++;
  }
  if (!marked) lexer->mark_end(lexer);
  if (length == 0 && lexer->lookahead != '=') return emit(lexer, END_OF_FLAGS);
  is_mount = is_mount && length == sizeof MOUNT - 1 && lexer->lookahead == '=';
  return emit(lexer, is_mount ? MOUNT_FLAG_NAME : FLAG_NAME);
}

// At an escape character inside a word or quotes: a continuation, or a sequence with what it escapes.
static bool scan_escape(Scanner* scanner, TSLexer* lexer, const bool* valid, bool separated) {
  bool takes_blank = valid[ESCAPE_SEQUENCE];
  Marking marking = takes_blank ? MARK_ESCAPE_AND_BLANK : MARK_ESCAPE;
  Escape escape = read_escape(lexer, escape_character(scanner), marking);
  if (escape.kind == CONTINUATION) return scan_continuation(scanner, lexer, separated);
  if (!takes_blank && !valid[WORD_ESCAPE_SEQUENCE]) return false;
  bool complete = escape.length % 2 == 0 || escape.blanks > 0 || at_end_of_line(lexer);
  if (!complete && (takes_blank || !is_blank(lexer->lookahead))) {
    advance(lexer);
    lexer->mark_end(lexer);
  }
  return emit(lexer, takes_blank ? ESCAPE_SEQUENCE : WORD_ESCAPE_SEQUENCE);
}

// --- Places in the grammar -----------------------------------------------------------------------

static bool scan_end_of_line(Scanner* scanner, TSLexer* lexer, const bool* valid) {
  reset_search(scanner, false);
  scanner->next_marker = scanner->heredoc_count;
  scanner->pairs_to_skip = 0;
  if (scanner->next_heredoc < scanner->heredoc_count && valid[END_OF_LINE_BEFORE_HEREDOC])
    return emit(lexer, END_OF_LINE_BEFORE_HEREDOC);
  forget_heredocs(scanner);
  if (valid[END_OF_SHELL_COMMAND]) return emit(lexer, END_OF_SHELL_COMMAND);
  return valid[END_OF_LINE] && emit(lexer, END_OF_LINE);
}

// Inside quotes or braces: blanks are content or end the word, and a line's end leaves them unclosed.
static bool scan_inside_quotes(Scanner* scanner, TSLexer* lexer, const bool* valid,
                               bool separated) {
  lexer->mark_end(lexer);
  bool ends = at_end_of_line(lexer);
  if (ends && valid[UNCLOSED]) return emit(lexer, UNCLOSED);
  if (valid[UNCLOSED_QUOTED_BRACE] && (ends || lexer->lookahead == '"'))
    return emit(lexer, UNCLOSED_QUOTED_BRACE);
  if (valid[UNCLOSED_WORD_BRACE] && (ends || is_blank(lexer->lookahead)))
    return emit(lexer, UNCLOSED_WORD_BRACE);
  if (lexer->lookahead != escape_character(scanner)) return false;
  return scan_escape(scanner, lexer, valid, separated);
}

// At the start of a word, behind a blank.
static bool scan_word_start(Scanner* scanner, TSLexer* lexer, const bool* valid) {
  int32_t c = lexer->lookahead;
  Read read = NOTHING_READ;
  if (c == '-' && valid[FLAG_NAME]) {
    advance(lexer);
    if (lexer->lookahead == '-') {
      advance(lexer);
      return scan_flag_name(scanner, lexer);
    }
    read = (Read){'-', 1, 0};
  }
  if (valid[FROM]) return scan_keyword(scanner, lexer, false, true);
  if (c == '[' && valid[JSON_OPEN]) return scan_json_open(scanner, lexer, valid);
  if (valid[FIRST_SHELL_FRAGMENT])
    return scan_shell_fragment(scanner, lexer, valid, FIRST_SHELL_FRAGMENT, true, read);
  if (valid[REGISTRY]) return scan_image_name(scanner, lexer, true);
  if (valid[AS]) return scan_word_or(scanner, lexer, "AS", AS);
  if (valid[HEALTHCHECK_CMD]) {
    bool none = to_upper(c) == 'N';
    return scan_word_or(scanner, lexer, none ? "NONE" : "CMD",
                        none ? HEALTHCHECK_NONE : HEALTHCHECK_CMD);
  }
  if (valid[PORT_START]) return emit(lexer, PORT_START);
  if (valid[PLAIN_TEXT]) return scan_word(scanner, lexer, TEXT);
  if (valid[PLAIN_NAME]) return scan_word(scanner, lexer, NAME);
  if (!valid[PLAIN_WORD]) return false;
  if (valid[HEREDOC_START] && scanner->next_marker < scanner->heredoc_count) {
    while (is_digit(lexer->lookahead)) advance(lexer);
    if (lexer->lookahead == '<') {
      advance(lexer);
      if (lexer->lookahead == '<') {
        advance(lexer);
        if (lexer->lookahead != '<') return scan_heredoc_word(scanner, lexer);
      }
    }
  }
  return scan_word(scanner, lexer, WORD);
}

// The token that the first piece of a word would be here; ERROR_SENTINEL if none may start.
static enum TokenType first_piece(const bool* valid) {
  static const enum TokenType PIECES[] = {
      FIRST_SHELL_FRAGMENT, PORT_START, TEXT_START, NAME_START, WORD_START,
  };
  if (valid[REGISTRY]) return REPOSITORY_START;
  for (unsigned i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
    if (valid[PIECES[i]]) return PIECES[i];
  }
  return ERROR_SENTINEL;
}

// At an escape character where shell text goes on or a word may start. In front of a word it is no
// sequence yet: the word's first piece is empty, and the mark must stay in front of the escape.
static bool scan_escape_at_start(Scanner* scanner, TSLexer* lexer, const bool* valid,
                                 enum TokenType piece, bool separated) {
  int32_t character = escape_character(scanner);
  Escape escape = read_escape(lexer, character, MARK_NOTHING);
  if (escape.kind == CONTINUATION) return scan_continuation(scanner, lexer, separated);
  if (piece != SHELL_FRAGMENT && piece != FIRST_SHELL_FRAGMENT) return emit(lexer, piece);
  Read read = {character, escape.length, escape.blanks};
  return scan_shell_fragment(scanner, lexer, valid, piece, separated, read);
}

static bool scan_instruction(Scanner* scanner, TSLexer* lexer, const bool* valid, bool separated) {
  lexer->mark_end(lexer);  // an end of line stands in front of the blanks
  while (is_blank(lexer->lookahead)) {
    skip(lexer);
    separated = true;
  }
  if (at_end_of_line(lexer)) return scan_end_of_line(scanner, lexer, valid);
  lexer->mark_end(lexer);
  bool in_shell_text = valid[END_OF_SHELL_COMMAND];
  bool keyword_may_start = separated && valid[FROM];
  bool behind_registry = valid[PLAIN_REPOSITORY] && !valid[REGISTRY];
  if (lexer->lookahead == escape_character(scanner) && !keyword_may_start) {
    enum TokenType piece = ERROR_SENTINEL;
    if (in_shell_text) {
      piece = SHELL_FRAGMENT;
    } else if (separated) {
      piece = first_piece(valid);
    } else if (behind_registry) {
      piece = REPOSITORY_START;
    }
    if (piece == ERROR_SENTINEL) return scan_escape(scanner, lexer, valid, separated);
    return scan_escape_at_start(scanner, lexer, valid, piece, separated);
  }
  if (in_shell_text)
    return scan_shell_fragment(scanner, lexer, valid, SHELL_FRAGMENT, separated, NOTHING_READ);
  if (valid[JSON_QUOTE] || valid[JSON_CLOSE] || valid[JSON_COMMA])
    return scan_json_token(lexer, valid);
  if (separated) return scan_word_start(scanner, lexer, valid);
  if (behind_registry && lexer->lookahead != ':' && lexer->lookahead != '@')
    return scan_image_name(scanner, lexer, false);
  return valid[PLAIN_VALUE] && scan_plain_value(scanner, lexer);
}

static bool scan(Scanner* scanner, TSLexer* lexer, const bool* valid) {
  if (scanner->comment == COMMENT_NEXT && lexer->lookahead == '#') {
    scanner->comment = NEWLINE_AFTER_COMMENT;
    return scan_comment(lexer);
  }
  bool separated = scanner->separated;
  if (scanner->comment == NEWLINE_AFTER_COMMENT) {
    scanner->comment = NO_COMMENT;
    while (lexer->lookahead == '\r') advance(lexer);
    if (lexer->lookahead == '\n') {
      advance(lexer);
      return scan_continuation(scanner, lexer, separated);
    }
  }
  scanner->comment = NO_COMMENT;
  scanner->separated = false;

  if (valid[ERROR_SENTINEL]) {
    // Recovery: only the start of a line is a safe place to go on.
    if (!is_space(lexer->lookahead)) return false;
    while (is_space(lexer->lookahead) && lexer->lookahead != '\n') skip(lexer);
    if (lexer->lookahead != '\n') return false;
    forget_heredocs(scanner);
    reset_search(scanner, false);
    return scan_line_start(scanner, lexer, valid);
  }
  if (valid[HEREDOC_BODY] || valid[HEREDOC_END] || valid[LAST_HEREDOC_END])
    return scan_heredoc(scanner, lexer, valid);
  if (valid[FROM] && !valid[END_OF_LINE]) return scan_line_start(scanner, lexer, valid);
  if (valid[DIRECTIVE_NAME] || valid[DIRECTIVE_EQUALS] || valid[DIRECTIVE_VALUE])
    return scan_directive(lexer, valid);
  if (valid[UNCLOSED] || valid[UNCLOSED_QUOTED_BRACE] || valid[UNCLOSED_WORD_BRACE]) {
    return scan_inside_quotes(scanner, lexer, valid, separated);
  }
  return scan_instruction(scanner, lexer, valid, separated);
}

// --- Entry points --------------------------------------------------------------------------------

// Not cleared: the runtime sets the state, at first to the empty one, before each scan.
void* tree_sitter_dockerfile_external_scanner_create(void) {
  return ts_malloc(sizeof(Scanner));
}

void tree_sitter_dockerfile_external_scanner_destroy(void* payload) {
  ts_free(payload);
}

bool tree_sitter_dockerfile_external_scanner_scan(void* payload, TSLexer* lexer,
                                                  const bool* valid) {
  return scan((Scanner*)payload, lexer, valid);
}

static void write_number(char* buffer, unsigned* size, uint32_t number) {
  for (; number >= 0x80; number >>= 7) buffer[(*size)++] = (char)(number | 0x80);
  buffer[(*size)++] = (char)number;
}

static uint32_t read_number(const char* buffer, unsigned* size) {
  uint32_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint32_t byte = (unsigned char)buffer[(*size)++];
    number |= (byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
}

// Flags, failed searches, the search's place (two bytes and its frames). With heredocs: how many bodies
// and how many markers are to come, pairs to skip, then for each heredoc the lines of its body and, where
// the marker is still to come and has some, the pairs in front of that.
unsigned tree_sitter_dockerfile_external_scanner_serialize(void* payload, char* buffer) {
  const Scanner* scanner = payload;
  const HeredocSearch* search = &scanner->search;
  unsigned size = 0;
  buffer[size++] =
      (char)((unsigned)scanner->phase | (unsigned)scanner->comment << 2 |
             (unsigned)scanner->escape_is_backtick << 4 | (unsigned)scanner->separated << 5 |
             (unsigned)scanner->searched << 6 | (unsigned)search->failed << 7);
  buffer[size++] = (char)scanner->failed_searches;
  buffer[size++] = (char)((unsigned)search->step | (unsigned)search->word << 4);
  buffer[size++] = (char)search->depth;
  memcpy(buffer + size, search->frames + 1, search->depth);
  size += search->depth;
  if (scanner->heredoc_count == 0) return size;
  write_number(buffer, &size, (uint32_t)(scanner->heredoc_count - scanner->next_heredoc));
  write_number(buffer, &size, (uint32_t)(scanner->heredoc_count - scanner->next_marker));
  write_number(buffer, &size, scanner->pairs_to_skip);
  for (unsigned i = min(scanner->next_heredoc, scanner->next_marker); i < scanner->heredoc_count;
       i++) {
    const Heredoc* heredoc = &scanner->heredocs[i];
    uint32_t packed = packed_lines(heredoc, i < scanner->next_marker);
    write_number(buffer, &size, packed);
    if (packed & 1) write_number(buffer, &size, heredoc->pairs_before);
  }
  return size;
}

void tree_sitter_dockerfile_external_scanner_deserialize(void* payload, const char* buffer,
                                                         unsigned length) {
  Scanner* scanner = payload;
  HeredocSearch* search = &scanner->search;
  clear_search(search);
  forget_heredocs(scanner);
  unsigned flags = length > 0 ? (unsigned char)buffer[0] : 0;
  scanner->phase = (enum Phase)(flags & 3);
  scanner->comment = (enum CommentState)(flags >> 2 & 3);
  scanner->escape_is_backtick = flags >> 4 & 1;
  scanner->separated = flags >> 5 & 1;
  scanner->searched = flags >> 6 & 1;
  search->failed = flags >> 7 & 1;
  scanner->failed_searches = 0;
  if (length == 0) return;
  unsigned size = 1;
  scanner->failed_searches = (uint8_t)buffer[size++];
  unsigned place = (unsigned char)buffer[size++];
  search->step = (enum Step)(place & 15);
  search->word = (enum Word)(place >> 4);
  search->depth = (uint8_t)buffer[size++];
  memcpy(search->frames + 1, buffer + size, search->depth);
  size += search->depth;
  if (size == length) return;
  uint16_t bodies = (uint16_t)read_number(buffer, &size);
  uint16_t markers = (uint16_t)read_number(buffer, &size);
  scanner->heredoc_count = bodies > markers ? bodies : markers;
  scanner->next_heredoc = (uint16_t)(scanner->heredoc_count - bodies);
  scanner->next_marker = (uint16_t)(scanner->heredoc_count - markers);
  scanner->pairs_to_skip = read_number(buffer, &size);
  for (unsigned i = 0; i < scanner->heredoc_count; i++) {
    uint32_t packed = read_number(buffer, &size);
    uint32_t pairs = packed & 1 ? read_number(buffer, &size) : 0;
    scanner->heredocs[i] = (Heredoc){packed >> 1, pairs};
  }
}
