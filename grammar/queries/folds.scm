[
  (run_instruction)
  (cmd_instruction)
  (entrypoint_instruction)
  (healthcheck_instruction)
  (shell_instruction)
  (onbuild_instruction)
  (env_instruction)
  (label_instruction)
  (arg_instruction)
  (add_instruction)
  (copy_instruction)
  (volume_instruction)
  (expose_instruction)
  (heredoc_body)
] @fold

(comment)+ @fold
