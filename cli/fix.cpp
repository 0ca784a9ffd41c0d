#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/parallel.h"
#include "host/file.h"
#include "report/diff.h"
#include "report/terminal.h"

namespace bulkhead::cli {
namespace fs = std::filesystem;
namespace {

struct FixOptions : AnalysisOptions {
  bool diff = false;
  bool unsafe = false;
};

struct Mended {
  bool done = false;  // else nothing is known: it could not be read, or is not to be
  const Input* input = nullptr;
  std::string before;
  Fixed fixed;
  std::vector<std::string> problems;
};

// The findings that remain in a file.
struct Left {
  std::string text;  // for a terminal
  report::Tally tally;
  bool fails = false;
  std::vector<std::string> problems;
};

// What has become of files since they were read.
struct Changes {
  std::optional<std::string> text;  // of the input itself
  std::vector<ChangedFile> others;
};

Mended mend(const Input& input, const FixOptions& options, Setting& setting,
            const Changes& changes = {}) {
  Mended mended{.input = &input};
  try {
    if (auto problems = setting.left_out(input)) {
      mended.problems = *std::move(problems);
      return mended;
    }
    mended.before = changes.text ? *changes.text : read(input);
    const auto before = setting.snapshot(input, mended.before);
    const Context context = with_files(setting.context(input, *before), changes.others);
    mended.problems = context.settings.problems;
    mended.fixed = fix_all(*before, setting.config(context), context,
                           options.unsafe ? Safety::unsafe : Safety::safe);
    if (!input.path) {  // only text comes in and goes out: no file is written
      mended.fixed.fixes -= mended.fixed.fixes_elsewhere;
      mended.fixed.others.clear();
    }
    mended.done = true;
  } catch (const std::exception& error) {
    mended.problems.emplace_back(error.what());
  }
  return mended;
}

// In the file, which now holds `text`, beside its neighbours as they are now: what is wrong with two files may
// have been mended in one of them. Where nothing is written, in what would be written of it alone.
Left look_again(const Mended& mended, std::string text, const FixOptions& options, Setting& setting,
                const report::Style& style) {
  Left left;
  try {
    const Input& input = *mended.input;
    const bool is_written = input.path && !options.diff;
    const auto snapshot = setting.snapshot(input, std::move(text));
    Context context = setting.context(input, *snapshot);
    if (!is_written) context = with_files(std::move(context), mended.fixed.others);
    const Analysis analysis = analyse(*snapshot, setting.config(context), context);
    left.text = report::terminal({input.name, snapshot->text(), snapshot->lines()},
                                 analysis.findings, style);
    left.tally.add(analysis.findings);
    left.fails = options.fails(analysis.findings, context.settings);
    left.problems = problems_of(analysis, context, input);
  } catch (const std::exception& error) {
    left.problems.emplace_back(error.what());
  }
  return left;
}

// Carries out what mend() found, file by file.
class Writer {
 public:
  Writer(const FixOptions& options, const report::Style& style)
      : options_(options), style_(style) {}

  // What is in the way of `mended`: each change is told in terms of what was read, and several Dockerfiles of
  // one folder may want to change the same ignore file, which may be one of the inputs itself.
  std::optional<Changes> changes_since(const Mended& mended) const {
    const Input& input = *mended.input;
    if (!mended.done || !input.path) return std::nullopt;
    Changes changes{.text = written(*input.path)};
    bool differs = changes.text && changes.text != mended.fixed.text;
    for (const ChangedFile& file : mended.fixed.others) {
      auto text = written(input.path->parent_path() / file.path);
      if (!text) continue;
      differs = differs || text != file.text;
      changes.others.push_back({file.path, file.before, *std::move(text)});
    }
    return differs ? std::optional(std::move(changes)) : std::nullopt;
  }

  void take(const Mended& mended) {
    const auto& [text, others, fixes, fixes_elsewhere] = mended.fixed;
    const Input& input = *mended.input;
    const bool changed = text != mended.before && (!input.path || written(*input.path) != text);
    if (options_.diff) {
      if (changed) show(mended.before, text, input.name, input.name);
    } else if (!input.path) {
      print(text);
    } else if (changed) {
      (input.named ? host::write_file : replace)(*input.path, text);
    }
    if (changed) note(input.path.value_or(fs::path()), text);
    fixes_ += fixes;
    for (const ChangedFile& file : others) change(input.path->parent_path() / file.path, file);
  }

  // What the file holds now; it may be a pipe, and cannot be read again.
  std::string text_of(const Mended& mended) const {
    const Input& input = *mended.input;
    if (options_.diff || !input.path) return mended.fixed.text;
    return written(*input.path).value_or(mended.before);
  }

  bool did_something() const { return !written_.empty(); }
  std::string summary() const {
    return (options_.diff ? "Would mend " : "Mended ") + report::count(fixes_, "finding") + " in " +
           report::count(written_.size(), "file") + "\n";
  }

 private:
  static fs::path identity(const fs::path& path) {
    return path.empty() ? path : fs::absolute(path).lexically_normal();
  }

  // What was written to the file, if anything.
  std::optional<std::string> written(const fs::path& path) const {
    const auto at = written_.find(identity(path));
    return at == written_.end() ? std::nullopt : std::optional(at->second);
  }

  void note(const fs::path& path, const std::string& text) {
    written_.insert_or_assign(identity(path), text);
  }

  // A link that nobody named may lead anywhere.
  static void replace(const fs::path& path, std::string_view text) {
    std::error_code unknown;  // then it cannot be written either
    if (fs::is_symlink(path, unknown))
      throw host::FileError("cannot write " + path.native() + ": it is a symbolic link");
    host::write_file(path, text);
  }

  void change(const fs::path& path, const ChangedFile& file) {
    if (written(path) == file.text) return;
    if (options_.diff) {
      const std::string name = path.lexically_normal().native();
      show(file.before.value_or(""), file.text, file.before ? name : "/dev/null", name);
    } else if (file.before) {
      replace(path, file.text);
    } else {
      host::create_file(path, file.text);
    }
    note(path, file.text);
  }

  void show(std::string_view before, std::string_view after, const std::string& before_name,
            const std::string& after_name) const {
    print(report::unified_diff(before, after,
                               {.before_name = before_name, .after_name = after_name}, style_));
  }

  const FixOptions& options_;
  const report::Style& style_;
  std::map<fs::path, std::string> written_;  // standard output under no path
  std::size_t fixes_ = 0;
};

ExitCode run(const FixOptions& options) {
  const Inputs inputs = options.inputs();
  Setting setting(options);
  const report::Style style = output_style(options.color);
  // Where standard output is a text or a diff, what is said about it goes elsewhere.
  const bool filters = std::ranges::any_of(inputs.inputs, [](const Input& i) { return !i.path; });
  const auto say = options.diff || filters ? print_error : print;

  // First all is read, then all is written, then all is looked at again: what is found in a file does not
  // depend on whether its neighbour is written already.
  std::vector<Mended> all;
  in_order(
      inputs.inputs.size(), options.threads(),
      [&](std::size_t i) { return mend(inputs.inputs[i], options, setting); },
      [&](Mended mended) { all.push_back(std::move(mended)); });

  ExitCode exit_code = inputs.complete ? success : trouble;
  Complaints complaints;
  const auto complain_of = [&](const std::vector<std::string>& problems) {
    complaints.add(problems);
    if (!problems.empty()) exit_code = trouble;
  };
  Writer writer(options, style);
  for (Mended& mended : all) {
    try {
      if (const auto changes = writer.changes_since(mended))
        mended = mend(*mended.input, options, setting, *changes);
      if (mended.done) writer.take(mended);
    } catch (const host::FileError& error) {
      mended.problems.emplace_back(error.what());
    }
    complain_of(mended.problems);
  }

  std::erase_if(all, [](const Mended& mended) { return !mended.done; });
  bool fails = false;
  report::Tally tally;
  Setting written(options);
  Setting& now = writer.did_something() ? written : setting;
  in_order(
      all.size(), options.threads(),
      [&](std::size_t i) {
        return look_again(all[i], writer.text_of(all[i]), options, now, style);
      },
      [&](const Left& left) {
        complain_of(left.problems);
        if (!options.diff) say(left.text);
        fails = fails || left.fails;
        tally += left.tally;
      });
  if (!options.quiet && tally.files > 0) {
    say(writer.summary());
    if (!options.diff) {
      say(tally.total() == 0 ? "Nothing is left\n" : "Left: " + report::summary(tally, style));
    }
  }
  if (exit_code == success && (options.diff ? writer.did_something() : fails)) exit_code = findings;
  return exit_code;
}

}  // namespace

void add_fix(CLI::App& program, ExitCode& exit_code) {
  CLI::App* command = program.add_subcommand(
      "fix",
      "Mend what can be mended safely, and say what is left. Standard input comes back mended.");
  const auto options = std::make_shared<FixOptions>();
  options->add_to(*command);
  command->add_flag("--diff", options->diff,
                    "Write nothing: show the changes, and exit with 1 if there are any");
  command->add_flag("--unsafe", options->unsafe,
                    "Make the fixes too that may change what the image does or how it is built");
  command->footer(
      "Exit codes: 0 nothing at or above the fail level is left, 1 something is (with --diff: "
      "there\n"
      "are changes), 2 wrong usage or a file that cannot be read or written.");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace bulkhead::cli
