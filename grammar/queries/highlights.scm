; Names are those that Neovim, Helix and tree-sitter's command line know. Where they differ a node has
; two: the one of Helix, and after it the one of Neovim, which takes the last and which Helix skips.

(comment) @comment
(keyword) @keyword

(directive "#" @punctuation.special)
(directive_name) @keyword.directive
(directive "=" @operator)
(directive_value) @string.special

(flag_name) @attribute
(flag "=" @operator)
(flag "," @punctuation.delimiter)
(flag_value) @string
(mount_key) @variable.other.member @property
(mount_param "=" @operator)
(mount_value) @string
(end_of_flags) @punctuation.special

(registry) @namespace @module
(image "/" @punctuation.delimiter)
(repository) @type
(image ":" @punctuation.delimiter)
(image_tag) @string.special
(image "@" @punctuation.delimiter)
(image_digest) @string.special
(stage_name) @label
((flag
  name: (flag_name) @_name
  value: (flag_value) @label)
  (#eq? @_name "--from"))
((mount_param
  key: (mount_key) @_key
  value: (mount_value) @label)
  (#eq? @_key "from"))

(name) @variable.other.member @property
(pair "=" @operator)
(value) @string
(text) @string
(workdir_instruction (text) @string.special.path)
(stopsignal_instruction (text) @constant.builtin)
(word) @string
(add_instruction (word) @string.special.path)
(copy_instruction (word) @string.special.path)
(volume_instruction (word) @string.special.path)

(port_number) @constant.numeric @number
(port "/" @punctuation.delimiter)
(protocol) @type.builtin

(double_quoted) @string
(single_quoted) @string
(json_string) @string
(json_array ["[" "]"] @punctuation.bracket)
(json_array "," @punctuation.delimiter)
[(escape_sequence) (json_escape)] @constant.character.escape @string.escape
(line_continuation) @punctuation.special

(expansion ["$" "${" "}"] @punctuation.special)
(variable) @variable
(operator) @operator
(operand) @string

(heredoc_start) @label
(heredoc_end) @label
(heredoc_body) @string
