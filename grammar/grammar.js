/**
 * @file Dockerfile grammar for tree-sitter, read the way BuildKit reads a Dockerfile.
 * @license Apache-2.0
 *
 * The external scanner (src/scanner.c) reads lines: keywords, continuations, comments, heredocs, and
 * every token that may follow a blank, so that a blank is never a token. The rules here put the words
 * of one instruction together. An instruction ends with a token of its own, zero-width, in front of
 * the newline: nothing in it can swallow the next line.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const INSTRUCTIONS = [
  'from', 'run', 'cmd', 'label', 'maintainer', 'expose', 'env', 'add', 'copy', 'entrypoint', 'volume',
  'user', 'workdir', 'arg', 'onbuild', 'stopsignal', 'healthcheck', 'shell',
];

/** The scanner's token of one keyword, e.g. `_run`. */
const keyword_token = (name) => `_${name}`;

/** One instruction: keyword, flags, body. */
const instruction = ($, name, body) =>
  seq(field('keyword', $[`_${name}_keyword`]), optional($._flags), body);

/** `leaf` where there is only one plain piece (no reduction is spent on it), else `complex`; both get `name`. */
const leaf_or = (leaf, complex, name) => choice(alias(leaf, name), alias(complex, name));

/**
 * `${variable operator operand}` and `$variable`. Four contexts differ in the pieces of an operand and
 * in where an unfinished one ends.
 */
const expansion = ($, operand, unclosed) => choice(
  seq('$', $.variable),
  seq(
    '${',
    optional($.variable),
    optional($.operator),
    optional(alias(operand, $.operand)),
    choice('}', unclosed),
  ),
);

/**
 * The keyword's rule. Lines of a lone escape in front of it belong to the instruction: then a zero-width
 * token comes first, and they are extras behind it. (A hidden rule of one token costs nothing.)
 */
const keyword = ($, name) => {
  const token = alias($[keyword_token(name)], $.keyword);
  return choice(token, seq($._instruction_start, token));
};

module.exports = grammar({
  name: 'dockerfile',

  // The order is that of `enum TokenType` in src/scanner.c.
  externals: $ => [
    ...INSTRUCTIONS.map(name => $[keyword_token(name)]),
    $._unknown,
    $._instruction_start,
    $.comment,
    $.line_continuation,
    $._end_of_line,
    $._end_of_line_before_heredoc,
    $._end_of_shell_command,
    $._end_of_file,
    $._directive_marker,
    $.directive_name,
    $._directive_equals,
    $.directive_value,
    $._flag_name,
    $._mount_flag_name,
    $.end_of_flags,
    $._plain_word,
    $._word_start,
    $._plain_name,
    $._name_start,
    $._plain_value,
    $._plain_text,
    $._text_start,
    $.registry,
    $._plain_repository,
    $._repository_start,
    $._as,
    $._port_start,
    $._healthcheck_none,
    $._healthcheck_cmd,
    $._first_shell_fragment,
    $.shell_fragment,
    $._json_open,
    $._json_comma,
    $._json_close,
    $._plain_json_string,
    $._json_quote,
    $._escape_sequence,
    $._word_escape_sequence,
    $._unclosed,
    $._unclosed_quoted_brace,
    $._unclosed_word_brace,
    $._heredoc_search,
    $.heredoc_start,
    $.heredoc_body,
    $._heredoc_end,
    $._last_heredoc_end,
    $._error_sentinel,
  ],

  // Shell text has a fragment for each of its lines. As extras they need no reductions, of which a
  // repetition costs two for each member: a tenth of the whole parse.
  extras: $ => [$.comment, $.line_continuation, $.shell_fragment],

  // Hidden rules that only gather others cost a reduction each. `_shell_text` must be no node at all: one
  // that is reused would be closed, and the next fragment be lexed in another state.
  inline: $ => [
    $._instruction, $._word, $._text, $._pairs, $._sources_and_destination, $._shell_or_json_line, $._shell_text,
    $._double_quoted, $._single_quoted, $._repository,
  ],

  rules: {
    source_file: $ => seq(
      repeat(choice($.directive, $._instruction)),
      optional($._end_of_file),
    ),

    directive: $ => seq(
      alias($._directive_marker, '#'),
      field('name', $.directive_name),
      alias($._directive_equals, '='),
      field('value', $.directive_value),
      $._end_of_line,
    ),

    _instruction: $ => choice(
      ...INSTRUCTIONS.map(name => $[`${name}_instruction`]),
      $.unknown_instruction,
    ),

    // --- Instructions ---------------------------------------------------------------------------

    from_instruction: $ => instruction($, 'from', seq(
      optional(seq(
        field('image', $.image),
        optional(choice(
          seq(
            field('as', alias($._as, $.keyword)),
            optional(seq(
              field('alias', leaf_or($._plain_word, $._complex_word, $.stage_name)),
              repeat($._word),
            )),
          ),
          repeat1($._word),
        )),
      )),
      $._end_of_line,
    )),

    run_instruction: $ => instruction($, 'run', choice(
      seq(optional($.json_array), $._end_of_line),
      alias($._shell_command_with_heredoc_markers, $.shell_command),
      seq(alias($._shell_command_before_heredocs, $.shell_command), $._heredocs),
    )),

    cmd_instruction: $ => instruction($, 'cmd', $._shell_or_json_line),
    entrypoint_instruction: $ => instruction($, 'entrypoint', $._shell_or_json_line),
    shell_instruction: $ => instruction($, 'shell', $._shell_or_json_line),

    healthcheck_instruction: $ => instruction($, 'healthcheck', choice(
      $._end_of_line,
      seq(field('type', alias($._healthcheck_none, $.keyword)), repeat($._word), $._end_of_line),
      seq(field('type', choice(alias($._healthcheck_cmd, $.keyword), $._word)), $._shell_or_json_line),
    )),

    env_instruction: $ => instruction($, 'env', seq(optional($._pairs), $._end_of_line)),
    label_instruction: $ => instruction($, 'label', seq(optional($._pairs), $._end_of_line)),
    arg_instruction: $ => instruction($, 'arg', seq(
      optional(few(choice($.pair, alias($._bare_pair, $.pair)))),
      $._end_of_line,
    )),

    add_instruction: $ => instruction($, 'add', $._sources_and_destination),
    copy_instruction: $ => instruction($, 'copy', $._sources_and_destination),
    _sources_and_destination: $ => seq(
      optional(choice($.json_array, few(choice($._word, $.heredoc_start)))),
      $._end_with_heredocs,
    ),

    volume_instruction: $ => instruction($, 'volume', seq(
      optional(choice($.json_array, few($._word))),
      $._end_of_line,
    )),

    expose_instruction: $ => instruction($, 'expose', seq(repeat($.port), $._end_of_line)),

    user_instruction: $ => instruction($, 'user', seq(optional($._text), $._end_of_line)),
    workdir_instruction: $ => instruction($, 'workdir', seq(optional($._text), $._end_of_line)),
    stopsignal_instruction: $ => instruction($, 'stopsignal', seq(optional($._text), $._end_of_line)),
    maintainer_instruction: $ => instruction($, 'maintainer', seq(optional($._text), $._end_of_line)),

    onbuild_instruction: $ => instruction($, 'onbuild', choice(
      field('instruction', $._instruction),
      $._end_of_line,
    )),

    unknown_instruction: $ => instruction($, 'unknown', seq(optional(few($._word)), $._end_of_line)),

    ...Object.fromEntries([...INSTRUCTIONS, 'unknown'].map(name => [`_${name}_keyword`, $ => keyword($, name)])),

    // --- Ends of lines, heredocs ----------------------------------------------------------------

    // The tokens around heredocs differ from the plain ones, so that the next line's keyword is always
    // lexed in the same mode and an edit above a heredoc can reuse what is below.
    _end_with_heredocs: $ => choice(
      $._end_of_line,
      seq($._end_of_line_before_heredoc, $._heredocs),
    ),
    _heredocs: $ => seq(repeat($.heredoc), alias($._last_heredoc, $.heredoc)),
    heredoc: $ => seq(
      field('body', optional($.heredoc_body)),
      field('end', alias($._heredoc_end, $.heredoc_end)),
    ),
    _last_heredoc: $ => seq(
      field('body', optional($.heredoc_body)),
      field('end', alias($._last_heredoc_end, $.heredoc_end)),
    ),

    // --- Flags ----------------------------------------------------------------------------------

    _flags: $ => choice(seq(repeat1($.flag), optional($.end_of_flags)), $.end_of_flags),

    flag: $ => choice(
      seq(
        field('name', alias($._flag_name, $.flag_name)),
        optional(seq('=', optional(field('value', leaf_or($._value_text, $._complex_flag_value, $.flag_value))))),
      ),
      seq(
        field('name', alias($._mount_flag_name, $.flag_name)),
        '=',
        optional($.mount_param),
        repeat(seq(',', optional($.mount_param))),
      ),
    ),
    _complex_flag_value: $ => pieces($._value_text, $._value_piece),

    mount_param: $ => choice(
      field('key', $._mount_key),
      seq(optional(field('key', $._mount_key)), '=', optional(field('value', $._mount_value))),
    ),
    _mount_key: $ => leaf_or($._mount_key_text, $._complex_mount_key, $.mount_key),
    _complex_mount_key: $ => pieces($._mount_key_text, $._value_piece),
    _mount_value: $ => leaf_or($._mount_value_text, $._complex_mount_value, $.mount_value),
    _complex_mount_value: $ => pieces($._mount_value_text, $._value_piece),
    _mount_key_text: _ => token(/[^\s"'$\\`\x00,=]+/),
    _mount_value_text: _ => token(/[^\s"'$\\`\x00,]+/),

    // --- Words, split at blanks only --------------------------------------------------------------

    _word: $ => leaf_or($._plain_word, $._complex_word, $.word),
    _complex_word: $ => seq($._word_start, repeat(choice($._word_text, $._word_piece))),
    _word_text: _ => token(/[^\s'$\\`\x00]+/),
    // Double quotes do nothing in such a word; single ones only keep a `$` from being expanded.
    _word_piece: $ => choice(
      alias($._single_quoted_word, $.single_quoted),
      "'",
      $._odd_character,
      alias($._word_expansion, $.expansion),
      alias($._word_escape_sequence, $.escape_sequence),
    ),
    _single_quoted_word: _ => token(/'[^\s'\\`\x00]*'/),

    image: $ => seq(
      choice($._repository, seq(field('registry', $.registry), '/', optional($._repository))),
      optional(seq(':', optional(field('tag', leaf_or($._image_tag_text, $._complex_image_tag, $.image_tag))))),
      optional(seq('@', optional(field('digest', leaf_or($._word_text, $._complex_digest, $.image_digest))))),
    ),
    _repository: $ => field('repository', leaf_or($._plain_repository, $._complex_repository, $.repository)),
    _complex_repository: $ => seq($._repository_start, repeat(choice($._repository_text, $._word_piece))),
    _complex_image_tag: $ => pieces($._image_tag_text, $._word_piece),
    _complex_digest: $ => pieces($._word_text, $._word_piece),
    // A colon belongs to the name if a slash follows: that of a registry's port.
    _repository_text: _ => token(/([^\s'$\\`\x00:@]|:[^\s'$\\`\x00:@\/]*\/)+/),
    _image_tag_text: _ => token(/[^\s'$\\`\x00@]+/),

    port: $ => seq(
      $._port_start,
      optional(field('number', leaf_or($._port_text, $._complex_port_number, $.port_number))),
      optional(seq('/', optional(field('protocol', leaf_or($._word_text, $._complex_protocol, $.protocol))))),
    ),
    _complex_port_number: $ => pieces($._port_text, $._word_piece),
    _complex_protocol: $ => pieces($._word_text, $._word_piece),
    _port_text: _ => token(/[^\s'$\\`\x00\/]+/),

    // --- Pairs ------------------------------------------------------------------------------------

    // The first name decides: with `=` all are pairs, without it the rest of the line is its value.
    _pairs: $ => choice(
      seq($.pair, repeat(choice($.pair, alias($._bare_pair, $.pair)))),
      alias($._legacy_pair, $.pair),
    ),
    pair: $ => seq(
      field('name', $._name),
      '=',
      optional(field('value', leaf_or($._plain_value, $._complex_value, $.value))),
    ),
    _bare_pair: $ => field('name', $._name),
    _legacy_pair: $ => seq(
      field('name', $._name),
      optional(field('value', leaf_or($._plain_text, $._complex_text, $.value))),
    ),

    _name: $ => leaf_or($._plain_name, $._complex_name, $.name),
    _complex_name: $ => seq($._name_start, repeat(choice($._name_text, $._value_piece))),
    _name_text: _ => token(/[^\s"'$\\`\x00=]+/),

    _complex_value: $ => prec.right(repeat1(choice($._value_text, $._value_piece))),
    _value_text: _ => token(/[^\s"'$\\`\x00]+/),
    _value_piece: $ => choice(
      $._double_quoted,
      $._single_quoted,
      $._odd_character,
      alias($._value_expansion, $.expansion),
      alias($._escape_sequence, $.escape_sequence),
    ),

    // --- Text: the rest of the line as one string -------------------------------------------------

    _text: $ => leaf_or($._plain_text, $._complex_text, $.text),
    _complex_text: $ => seq($._text_start, repeat($._text_piece)),
    _text_piece: $ => choice(
      $._text_content,
      $._text_blanks,
      $._double_quoted,
      $._single_quoted,
      $._odd_character,
      alias($._text_expansion, $.expansion),
      alias($._escape_sequence, $.escape_sequence),
    ),
    // Ends in a non-blank: blanks at the end of the line belong to no node.
    _text_content: _ => token(/([ \t\v\f\r]*[^\s"'$\\`\x00])+/),
    _text_blanks: _ => token(/[ \t\v\f\r]+/),

    // --- Quotes and expansions --------------------------------------------------------------------

    _double_quoted: $ => leaf_or($._plain_double_quoted, $._complex_double_quoted, $.double_quoted),
    _plain_double_quoted: _ => token(prec(1, /"[^"$\\`\x00\n]*"/)),
    _complex_double_quoted: $ => seq(
      '"',
      repeat(choice(
        $._double_quoted_text,
        $._odd_character,
        alias($._double_quoted_expansion, $.expansion),
        alias($._escape_sequence, $.escape_sequence),
      )),
      choice('"', $._unclosed),
    ),
    _double_quoted_text: _ => token(prec(1, /[^"$\\`\x00\n]+/)),

    _single_quoted: $ => leaf_or($._plain_single_quoted, $._complex_single_quoted, $.single_quoted),
    _plain_single_quoted: _ => token(prec(1, /'[^'\\`\x00\n]*'/)),
    _complex_single_quoted: $ => seq(
      "'",
      repeat(choice($._single_quoted_text, $._odd_escapes, $._nul)),
      choice("'", $._unclosed),
    ),
    _single_quoted_text: _ => token(prec(1, /[^'\\`\x00\n]+/)),
    // A run is one token: its last character must not be taken for a continuation.
    _odd_escapes: _ => token(choice(/\\+/, /`+/)),

    _word_expansion: $ => expansion($, $._word_operand, $._unclosed_word_brace),
    _word_operand: $ => repeat1(choice($._word_operand_text, $._word_piece)),
    _word_operand_text: _ => token(/[^\s'$\\`\x00}]+/),

    _value_expansion: $ => expansion($, $._value_operand, $._unclosed_word_brace),
    _value_operand: $ => repeat1(choice($._value_operand_text, $._value_piece)),
    _value_operand_text: _ => token(/[^\s"'$\\`\x00}]+/),

    _double_quoted_expansion: $ => expansion($, $._double_quoted_operand, $._unclosed_quoted_brace),
    _double_quoted_operand: $ => repeat1(choice(
      $._double_quoted_operand_text,
      $._odd_character,
      alias($._double_quoted_expansion, $.expansion),
      alias($._escape_sequence, $.escape_sequence),
    )),
    _double_quoted_operand_text: _ => token(/[^"$\\`\x00\n}]+/),

    _text_expansion: $ => expansion($, $._text_operand, $._unclosed),
    _text_operand: $ => repeat1(choice(
      $._text_operand_text,
      $._double_quoted,
      $._single_quoted,
      $._odd_character,
      alias($._text_expansion, $.expansion),
      alias($._escape_sequence, $.escape_sequence),
    )),
    _text_operand_text: _ => token(/[^"'$\\`\x00\n}]+/),

    variable: _ => token(prec(3, choice(/[A-Za-z_][A-Za-z0-9_]*/, /[0-9]+/, /[@*#?\-$!]/))),
    operator: _ => token(prec(2, choice(':-', ':+', ':?', '-', '+', '?', '##', '#', '%%', '%', '//', '/'))),

    // A `$` that names nothing, and the escape character that is not this file's.
    _odd_character: $ => choice('$', '\\', '`', $._nul),
    // Written out because no negated class of the generated lexer matches it.
    _nul: _ => token('\x00'),

    // --- Shell and JSON forms ---------------------------------------------------------------------

    _shell_or_json_line: $ => choice(seq(optional($.json_array), $._end_of_line), $.shell_command),

    // The end of the line is inside, or the fragments at the end would not be.
    shell_command: $ => seq(alias($._first_shell_fragment, $.shell_fragment), $._end_of_shell_command),
    _shell_command_with_heredoc_markers: $ => seq($._shell_text, $._end_of_shell_command),
    _shell_command_before_heredocs: $ => seq($._shell_text, $._end_of_line_before_heredoc),
    _shell_text: $ => seq(
      choice(alias($._first_shell_fragment, $.shell_fragment), $._heredoc_search),
      repeat(choice($._heredoc_search, $.heredoc_start)),
    ),

    json_array: $ => seq(
      alias($._json_open, '['),
      optional(few($._json_string, alias($._json_comma, ','))),
      alias($._json_close, ']'),
    ),
    _json_string: $ => leaf_or($._plain_json_string, $._complex_json_string, $.json_string),
    _complex_json_string: $ => seq(
      $._json_quote,
      repeat(choice($._json_text, $.json_escape, '`')),
      choice('"', $._unclosed),
    ),
    _json_text: _ => token(prec(1, /[^"\\`\x00\n]+/)),
    // A lone backslash: an escape that a line continuation cuts in two.
    json_escape: _ => token(choice(/\\u[0-9A-Fa-f]{4}/, /\\[^\n]/, '\\')),
  },
});

/** All but a single piece of plain text, which is a leaf: see `leaf_or`. */
function pieces(text, piece) {
  return choice(
    seq(text, repeat1(choice(text, piece))),
    seq(piece, repeat(choice(text, piece))),
  );
}

/** One or more, of which the usual few cost no reduction: a repetition has two for each member. */
function few(item, separator = null) {
  const next = separator === null ? item : seq(separator, item);
  return choice(item, seq(item, next), seq(item, next, next), seq(item, next, next, repeat1(next)));
}
