#pragma once

// The node kinds and fields of the bash grammar that reading a script asks for.

#include "analysis/syntax/tree.h"

namespace bulkhead::shell {

struct Nodes {
  using Symbol = syntax::Symbol;
  static Symbol named(std::string_view kind) {
    return syntax::symbol(syntax::Language::bash, kind);
  }
  static Symbol token(std::string_view kind) {
    return syntax::symbol(syntax::Language::bash, kind, false);
  }
  static syntax::Field field(std::string_view name) {
    return syntax::field(syntax::Language::bash, name);
  }

  // Statements
  Symbol list = named("list");
  Symbol pipeline = named("pipeline");
  Symbol redirected_statement = named("redirected_statement");
  Symbol command = named("command");
  Symbol declaration_command = named("declaration_command");
  Symbol unset_command = named("unset_command");
  Symbol test_command = named("test_command");
  Symbol negated_command = named("negated_command");
  Symbol variable_assignment = named("variable_assignment");
  Symbol variable_assignments = named("variable_assignments");
  Symbol subshell = named("subshell");
  Symbol compound_statement = named("compound_statement");
  Symbol if_statement = named("if_statement");
  Symbol elif_clause = named("elif_clause");
  Symbol else_clause = named("else_clause");
  Symbol for_statement = named("for_statement");
  Symbol c_style_for_statement = named("c_style_for_statement");
  Symbol while_statement = named("while_statement");
  Symbol do_group = named("do_group");
  Symbol case_statement = named("case_statement");
  Symbol case_item = named("case_item");
  Symbol function_definition = named("function_definition");
  Symbol comment = named("comment");

  // Redirections
  Symbol file_redirect = named("file_redirect");
  Symbol herestring_redirect = named("herestring_redirect");
  Symbol file_descriptor = named("file_descriptor");

  // Words and what stands in them
  Symbol command_name = named("command_name");
  Symbol word = named("word");
  Symbol number = named("number");
  Symbol string = named("string");
  Symbol translated_string = named("translated_string");
  Symbol concatenation = named("concatenation");
  Symbol raw_string = named("raw_string");
  Symbol ansi_c_string = named("ansi_c_string");
  Symbol simple_expansion = named("simple_expansion");
  Symbol expansion = named("expansion");
  Symbol command_substitution = named("command_substitution");
  Symbol process_substitution = named("process_substitution");
  Symbol arithmetic_expansion = named("arithmetic_expansion");
  Symbol brace_expression = named("brace_expression");
  Symbol array = named("array");
  Symbol subscript = named("subscript");
  Symbol variable_name = named("variable_name");
  Symbol regex = named("regex");
  Symbol test_operator = named("test_operator");

  // Expressions
  Symbol binary_expression = named("binary_expression");
  Symbol unary_expression = named("unary_expression");
  Symbol postfix_expression = named("postfix_expression");
  Symbol ternary_expression = named("ternary_expression");
  Symbol parenthesized_expression = named("parenthesized_expression");

  Symbol and_and = token("&&");
  Symbol or_or = token("||");
  Symbol bar = token("|");
  Symbol bar_and = token("|&");
  Symbol then = token("then");
  Symbol closing_parenthesis = token(")");

  syntax::Field name_field = field("name");
  syntax::Field value_field = field("value");
  syntax::Field body_field = field("body");
  syntax::Field variable_field = field("variable");
};

// Looked up once.
inline const Nodes& nodes() {
  static const Nodes all;
  return all;
}

}  // namespace bulkhead::shell
