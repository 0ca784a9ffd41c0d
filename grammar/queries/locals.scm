; What comes behind `@local.definition.` is the highlight of what refers to it.

(source_file) @local.scope

; Stages
(from_instruction alias: (stage_name) @local.definition.label)
(from_instruction (image repository: (repository) @local.reference))
((flag
  name: (flag_name) @_name
  value: (flag_value) @local.reference)
  (#eq? @_name "--from"))
((mount_param
  key: (mount_key) @_key
  value: (mount_value) @local.reference)
  (#eq? @_key "from"))

; Variables
(arg_instruction (pair name: (name) @local.definition.variable))
(env_instruction (pair name: (name) @local.definition.variable))
(expansion (variable) @local.reference)
