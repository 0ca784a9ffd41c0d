#include <fmt/format.h>

#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "analysis/facts/secret_patterns.h"
#include "analysis/model/document.h"
#include "analysis/redaction.h"
#include "analysis/rule.h"
#include "analysis/text/ascii.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/parallel.h"
#include "report/glyphs.h"
#include "report/terminal.h"
#include "report/timeline.h"

namespace bulkhead::cli {
namespace {

std::string keyword_of(const Instruction& instruction) {
  return upper_case(instruction.keyword().text());
}

std::string as_json(const std::string& path, const Document& document) {
  auto instructions = nlohmann::ordered_json::array();
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.is_trigger()) continue;
    instructions.push_back({{"name", keyword_of(instruction)},
                            {"start", instruction.first_line() + 1},
                            {"end", instruction.last_line() + 1}});
  }
  const nlohmann::ordered_json object = {{"path", path},
                                         {"errors", document.faults().size()},
                                         {"instructions", std::move(instructions)}};
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// One line an instruction: its lines in the file, and itself with continuations joined.
std::string as_text(const std::string& path, const Document& document, const report::Style& style) {
  std::string out;
  std::size_t count = 0;
  for (const Instruction& instruction : document.instructions()) {
    if (instruction.is_trigger()) continue;
    ++count;
    const std::uint32_t first = instruction.first_line() + 1;
    const std::uint32_t last = instruction.last_line() + 1;
    const std::string lines =
        first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
    std::string text;
    std::uint32_t room = style.width - 12;
    for (const report::Glyph& glyph : report::glyphs(instruction.data().joined.text)) {
      if (glyph.width >= room) {
        text += "…";
        break;
      }
      room -= glyph.width;
      text += glyph.text;
    }
    out += fmt::format("{:>9}  {}\n", lines, text);
  }
  for (const Span fault : document.faults()) {
    const Position at = document.lines().position(document.text(), fault.begin, Encoding::utf32);
    out += fmt::format("{:>9}  {}\n", fmt::format("{}:{}", at.line + 1, at.character + 1),
                       paint(style, report::color::bold_red, "syntax error"));
  }
  const std::string headline =
      fmt::format("{}: {}, {}, {}", report::printable(path), report::count(count, "instruction"),
                  report::count(document.stages().size(), "stage"),
                  report::count(document.faults().size(), "syntax error"));
  return paint(style, report::color::bold, headline) + "\n" + out;
}

// What the build of the file does.
std::string effects_as_json(const std::string& path, const Document& document) {
  const nlohmann::json name(path);
  return fmt::format("{{\"path\":{},\"stages\":[{}]}}\n",
                     name.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                     report::timeline_json(document));
}

std::string effects_as_text(const std::string& path, const Document& document,
                            const report::Style& style) {
  return paint(style, report::color::bold, report::printable(path)) + "\n" +
         report::timeline(document, style);
}

struct Parsed {
  std::string text;
  std::string problem;  // when there is no text
};

}  // namespace

void add_parse(CLI::App& program, ExitCode& exit_code) {
  struct Options {
    std::vector<std::string> files;
    bool json = false;
    bool effects = false;
    ColorMode color = ColorMode::automatic;
  };
  CLI::App* command = program.add_subcommand("parse", "Show how bulkhead reads Dockerfiles");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->files, "Dockerfiles, or - for standard input")
      ->required()
      ->type_name("");
  command
      ->add_option_function<std::string>(
          "--format", [options](const std::string& format) { options->json = format == "json"; },
          "terminal (default) or json: an object a line for each file")
      ->check(CLI::IsMember({"terminal", "json"}).description(""))
      ->type_name("FORMAT");
  command->add_flag("--effects", options->effects,
                    "Show what the build does instead, stage by stage, layer by layer: packages,\n"
                    "accounts, files, downloads, programs, variables");
  add_color(*command, options->color);
  command->callback([options, &exit_code] {
    const report::Style style = output_style(options->color);
    exit_code = success;
    in_order(
        options->files.size(), default_jobs(),
        [&](std::size_t i) -> Parsed {
          const std::string& name = options->files[i];
          try {
            const auto document = Document::create(read(input_of(name)));
            if (options->effects) {
              return {.text = facts::without_secrets(
                          options->json ? effects_as_json(name, *document)
                                        : effects_as_text(name, *document, style))};
            }
            if (options->json) return {.text = as_json(name, *document)};
            SharedViews views;
            return {.text =
                        as_text(name, *Document::create(redacted_text(*document, views)), style)};
          } catch (const std::exception& error) {
            return {.problem = error.what()};
          }
        },
        [&](const Parsed& parsed) {
          print(parsed.text);
          if (parsed.problem.empty()) return;
          complain(parsed.problem);
          exit_code = trouble;
        });
  });
}

}  // namespace bulkhead::cli
