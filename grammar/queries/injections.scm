; Shell text, continuations included. An editor that wants it exact leaves out the `line_continuation` and
; `comment` nodes inside, as the builder does. JSON form is run by no shell.
((shell_command) @injection.content
  (#set! injection.language "bash")
  (#set! injection.include-children))

; RUN <<EOF: the body is the script, in the language that its first line names, or the shell's.
((run_instruction
  (shell_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#not-match? @injection.content "^#!")
  (#set! injection.language "bash"))
((run_instruction
  (shell_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @injection.content "^#!.*sh")
  (#set! injection.language "bash"))
((run_instruction
  (shell_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @injection.content "^#!.*python")
  (#set! injection.language "python"))
((run_instruction
  (shell_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @injection.content "^#!.*node")
  (#set! injection.language "javascript"))
((run_instruction
  (shell_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @injection.content "^#!.*perl")
  (#set! injection.language "perl"))
((run_instruction
  (shell_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @injection.content "^#!.*ruby")
  (#set! injection.language "ruby"))

; RUN python3 <<EOF: the body is the command's.
((run_instruction
  (shell_command . (shell_fragment) @_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_command "^([a-z/]*/)?(env )?(ba|da|a|z)?sh( .*)?$")
  (#set! injection.language "bash"))
((run_instruction
  (shell_command . (shell_fragment) @_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_command "^([a-z/]*/)?(env )?python[0-9.]*( .*)?$")
  (#set! injection.language "python"))
((run_instruction
  (shell_command . (shell_fragment) @_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_command "^([a-z/]*/)?(env )?node( .*)?$")
  (#set! injection.language "javascript"))
((run_instruction
  (shell_command . (shell_fragment) @_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_command "^([a-z/]*/)?(env )?perl( .*)?$")
  (#set! injection.language "perl"))
((run_instruction
  (shell_command . (shell_fragment) @_command . (heredoc_start) .)
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_command "^([a-z/]*/)?(env )?ruby( .*)?$")
  (#set! injection.language "ruby"))

; COPY <<EOF /app/config.yaml: the body is that file.
((_
  (heredoc_start) . (word) @_file
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_file "[.]sh$")
  (#set! injection.language "bash"))
((_
  (heredoc_start) . (word) @_file
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_file "[.]py$")
  (#set! injection.language "python"))
((_
  (heredoc_start) . (word) @_file
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_file "[.]js$")
  (#set! injection.language "javascript"))
((_
  (heredoc_start) . (word) @_file
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_file "[.]json$")
  (#set! injection.language "json"))
((_
  (heredoc_start) . (word) @_file
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_file "[.]ya?ml$")
  (#set! injection.language "yaml"))
((_
  (heredoc_start) . (word) @_file
  . (heredoc (heredoc_body) @injection.content))
  (#match? @_file "[.]toml$")
  (#set! injection.language "toml"))

((comment) @injection.content
  (#set! injection.language "comment"))
