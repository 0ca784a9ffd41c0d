; The shell's text, continuations included. An editor that wants it exact leaves out the
; `line_continuation` and `comment` nodes inside, as the builder does.
((shell_command) @injection.content
  (#set! injection.language "bash")
  (#set! injection.include-children))

; RUN <<EOF: the body is the script.
(run_instruction
  (shell_command . (heredoc_start) .)
  (heredoc
    (heredoc_body) @injection.content)
  (#set! injection.language "bash"))

((comment) @injection.content
  (#set! injection.language "comment"))
