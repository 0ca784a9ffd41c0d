; Names of captures are those that tree-sitter's command line, Neovim, Helix and Emacs share.

(comment) @comment
(keyword) @keyword

(directive "#" @punctuation.special)
(directive_name) @attribute
(directive "=" @operator)
(directive_value) @string.special

(flag_name) @attribute
(flag "=" @operator)
(flag "," @punctuation.delimiter)
(flag_value) @string
(mount_key) @property
(mount_param "=" @operator)
(mount_value) @string
"--" @punctuation.special

(registry) @string.special
(image "/" @punctuation.delimiter)
(repository) @type
(image ":" @punctuation.delimiter)
(image_tag) @string.special
(image "@" @punctuation.delimiter)
(image_digest) @string.special
(stage_name) @label

(name) @property
(pair "=" @operator)
(value) @string
(text) @string
(word) @string

(port_number) @number
(port "/" @punctuation.delimiter)
(protocol) @type.builtin

(double_quoted) @string
(single_quoted) @string
(json_string) @string
(json_array ["[" "]"] @punctuation.bracket)
(json_array "," @punctuation.delimiter)
[(escape_sequence) (json_escape)] @string.escape
(line_continuation) @punctuation.special

(expansion ["$" "${" "}"] @punctuation.special)
(variable) @variable
(operator) @operator
(operand) @string

(heredoc_start) @label
(heredoc_end) @label
(heredoc_body) @string
