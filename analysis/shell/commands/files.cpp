#include "analysis/shell/commands/files.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "analysis/shell/commands/modes.h"

namespace bulkhead::shell {
namespace {

using Arguments = std::span<const Argument>;
using Changes = std::vector<FileChange>;
using Kind = FileChange::Kind;
using Source = FileChange::Source;

// The text of an argument; empty where it is not known.
std::string_view text(Arguments arguments, std::size_t i) {
  return i < arguments.size() && arguments[i] ? std::string_view(*arguments[i])
                                              : std::string_view();
}

PathAt at(const GivenOption& option) {
  return {option.argument, option.offset};
}

std::vector<PathAt> operands(const CommandLine& line) {
  std::vector<PathAt> paths;
  for (const std::size_t argument : line.operands) paths.push_back({argument, 0});
  return paths;
}

// SOURCE... DESTINATION, or all sources where an option names the folder to put them into.
Changes transfers(const CommandLine& line, FileChange model) {
  std::vector<PathAt> sources = operands(line);
  std::optional<PathAt> to;
  const GivenOption* folder = line.find("target-directory");
  if (folder != nullptr) {
    to = at(*folder);
  } else if (sources.size() > 1) {
    to = sources.back();
    sources.pop_back();
  }
  if (!to) return {};
  Changes changes;
  for (const PathAt& source : sources) {
    FileChange change = model;
    change.path = to;
    change.from = source;
    change.into_folder = folder != nullptr || sources.size() > 1;
    change.maybe_folder = !change.into_folder && !line.has("no-target-directory");
    changes.push_back(std::move(change));
  }
  return changes;
}

Changes each(const std::vector<PathAt>& paths, const FileChange& model) {
  Changes changes;
  for (const PathAt& path : paths) {
    changes.push_back(model);
    changes.back().path = path;
  }
  return changes;
}

constexpr std::array copy_options = {
    Option{"archive", 'a'},
    Option{"recursive", 'r'},
    Option{"recursive-upper", 'R'},
    Option{"suffix", 'S', true},
    Option{"target-directory", 't', true},
    Option{"symbolic-link", 's'},
    Option{"link", 'l'},
    Option{"no-target-directory", 'T'},
    Option{"force", 'f'},
    Option{"context"},
};

Changes of_cp(Arguments arguments) {
  const CommandLine line = read_options(arguments, copy_options);
  FileChange model{.source = Source::file};
  if (line.has("symbolic-link") || line.has("link")) model.source = Source::link;
  model.recursive = line.has("archive") || line.has("recursive") || line.has("recursive-upper");
  return transfers(line, std::move(model));
}

Changes of_mv(Arguments arguments) {
  const CommandLine line = read_options(arguments, copy_options);
  Changes changes;
  for (FileChange& change : transfers(line, {.source = Source::file, .recursive = true})) {
    changes.push_back(change);
    changes.push_back({.kind = Kind::deletes, .path = change.from, .recursive = true});
  }
  return changes;
}

Changes of_ln(Arguments arguments) {
  constexpr std::array options = {
      Option{"symbolic", 's'},
      Option{"suffix", 'S', true},
      Option{"target-directory", 't', true},
      Option{"no-target-directory", 'T'},
      Option{"no-dereference", 'n'},
  };
  const CommandLine line = read_options(arguments, options);
  if (line.operands.size() == 1 && !line.has("target-directory")) {
    return {{.source = Source::link, .from = PathAt{line.operands[0], 0}, .into_folder = true}};
  }
  Changes changes = transfers(line, {.source = Source::link});
  for (FileChange& change : changes) {
    if (line.has("no-dereference")) change.maybe_folder = false;
  }
  return changes;
}

// "user:group" of two options.
Argument owner_of(const CommandLine& line) {
  const Argument user = line.value("owner");
  const Argument group = line.value("group");
  if (!user && !group) return std::nullopt;
  return user.value_or("") + (group ? ":" + *group : std::string());
}

Changes of_install(Arguments arguments) {
  constexpr std::array options = {
      Option{"mode", 'm', true},
      Option{"owner", 'o', true},
      Option{"group", 'g', true},
      Option{"suffix", 'S', true},
      Option{"directory", 'd'},
      Option{"target-directory", 't', true},
      Option{"context"},
      Option{"strip-program", 0, true},
      Option{"no-target-directory", 'T'},
  };
  const CommandLine line = read_options(arguments, options);
  FileChange model{.source = Source::file, .owner = owner_of(line)};
  model.mode = line.has("mode") ? line.value("mode") : Argument("755");
  if (!line.has("directory")) return transfers(line, std::move(model));
  model.kind = Kind::makes_folder;
  model.source = Source::nothing;
  return each(operands(line), model);
}

Changes of_mkdir(Arguments arguments) {
  constexpr std::array options = {Option{"mode", 'm', true}, Option{"parents", 'p'},
                                  Option{"context"}};
  const CommandLine line = read_options(arguments, options);
  return each(operands(line),
              {.kind = Kind::makes_folder, .source = Source::nothing, .mode = line.value("mode")});
}

Changes of_mkfifo(Arguments arguments) {
  constexpr std::array options = {Option{"mode", 'm', true}, Option{"context"}};
  const CommandLine line = read_options(arguments, options);
  return each(operands(line), {.source = Source::nothing, .mode = line.value("mode")});
}

// NAME TYPE [MAJOR MINOR]
Changes of_mknod(Arguments arguments) {
  Changes changes = of_mkfifo(arguments);
  if (changes.size() > 1) changes.resize(1);
  return changes;
}

Changes of_touch(Arguments arguments) {
  constexpr std::array options = {Option{"date", 'd', true}, Option{"reference", 'r', true},
                                  Option{"stamp", 't', true}, Option{"time", 0, true}};
  return each(operands(read_options(arguments, options)),
              {.source = Source::nothing, .appends = true});
}

Changes of_rm(Arguments arguments) {
  constexpr std::array options = {Option{"recursive", 'r'}, Option{"recursive-upper", 'R'},
                                  Option{"force", 'f'}};
  const CommandLine line = read_options(arguments, options);
  return each(operands(line), {.kind = Kind::deletes,
                               .recursive = line.has("recursive") || line.has("recursive-upper")});
}

Changes of_rmdir(Arguments arguments) {
  return each(operands(read_options(arguments, {})), {.kind = Kind::deletes});
}

Changes of_shred(Arguments arguments) {
  constexpr std::array options = {Option{"iterations", 'n', true}, Option{"size", 's', true},
                                  Option{"remove", 'u'}, Option{"random-source", 0, true}};
  const CommandLine line = read_options(arguments, options);
  if (!line.has("remove")) return each(operands(line), {.source = Source::itself});
  return each(operands(line), {.kind = Kind::deletes});
}

Changes of_chmod(Arguments arguments) {
  const auto change = mode_change("chmod", arguments);
  if (!change) {
    // A mode that is not known still changes files.
    constexpr std::array options = {Option{"reference", 0, true}, Option{"recursive", 'R'}};
    const CommandLine line = read_options(arguments, options);
    std::vector<PathAt> paths = operands(line);
    if (!line.has("reference") && !paths.empty()) paths.erase(paths.begin());
    return each(paths, {.kind = Kind::sets_mode, .recursive = line.has("recursive")});
  }
  std::vector<PathAt> paths;
  for (const std::size_t path : change->paths) paths.push_back({path, 0});
  return each(paths,
              {.kind = Kind::sets_mode, .recursive = change->recursive, .mode = change->text});
}

Changes owners(Arguments arguments, bool is_group) {
  constexpr std::array options = {Option{"reference", 0, true}, Option{"recursive", 'R'},
                                  Option{"from", 0, true}};
  const CommandLine line = read_options(arguments, options);
  std::vector<PathAt> paths = operands(line);
  FileChange model{.kind = Kind::sets_owner, .recursive = line.has("recursive")};
  if (!line.has("reference") && !paths.empty()) {
    const Argument& owner = arguments[paths.front().argument];
    if (owner) model.owner = is_group ? ":" + *owner : *owner;
    paths.erase(paths.begin());
  }
  return each(paths, model);
}

Changes of_chown(Arguments arguments) {
  return owners(arguments, false);
}

Changes of_chgrp(Arguments arguments) {
  return owners(arguments, true);
}

Changes of_tee(Arguments arguments) {
  constexpr std::array options = {Option{"append", 'a'}, Option{"ignore-interrupts", 'i'}};
  const CommandLine line = read_options(arguments, options);
  return each(operands(line), {.source = Source::input, .appends = line.has("append")});
}

Changes of_dd(Arguments arguments) {
  Changes changes;
  std::optional<PathAt> from;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (text(arguments, i).starts_with("if=")) from = PathAt{i, 3};
    if (text(arguments, i).starts_with("of=")) changes.push_back({.path = PathAt{i, 3}});
  }
  for (FileChange& change : changes) {
    change.source = from ? Source::file : Source::input;
    change.from = from;
  }
  return changes;
}

Changes of_truncate(Arguments arguments) {
  constexpr std::array options = {Option{"size", 's', true}, Option{"reference", 'r', true}};
  return each(operands(read_options(arguments, options)), {.source = Source::itself});
}

// -i and --in-place, the script unless -e or -f gives it, files.
Changes of_sed(Arguments arguments) {
  constexpr std::array options = {
      Option{"expression", 'e', true}, Option{"file", 'f', true}, Option{"regexp-extended", 'E'},
      Option{"extended", 'r'},         Option{"quiet", 'n'},      Option{"line-length", 'l', true},
      Option{"separate", 's'},         Option{"null-data", 'z'},  Option{"unbuffered", 'u'}};
  bool in_place = false;
  std::vector<Argument> rest(arguments.begin(), arguments.end());
  for (Argument& argument : rest) {
    if (!argument || argument->size() < 2 || (*argument)[0] != '-') continue;
    const bool is_long = argument->starts_with("--in-place");
    const std::size_t letter =
        argument->starts_with("--") ? std::string::npos : argument->find('i');
    // Letters in front of it take no value: -ni, -Ei.bak. What follows is a suffix.
    const bool is_letter =
        letter != std::string::npos && argument->find_first_not_of("nErsuz", 1) == letter;
    if (!is_long && !is_letter) continue;
    in_place = true;
    argument = is_long || letter == 1 ? std::string("--quiet") : argument->substr(0, letter);
  }
  if (!in_place) return {};
  const CommandLine line = read_options(rest, options);
  std::vector<PathAt> paths = operands(line);
  if (!line.has("expression") && !line.has("file") && !paths.empty()) paths.erase(paths.begin());
  return each(paths, {.source = Source::itself});
}

// Letters may stand without a dash, and then take their values in order from what follows.
Changes of_tar(Arguments arguments) {
  constexpr std::array options = {Option{"extract", 'x'},
                                  Option{"create", 'c'},
                                  Option{"list", 't'},
                                  Option{"append", 'r'},
                                  Option{"update", 'u'},
                                  Option{"file", 'f', true},
                                  Option{"directory", 'C', true},
                                  Option{"exclude", 0, true},
                                  Option{"strip-components", 0, true},
                                  Option{"owner", 0, true},
                                  Option{"group", 0, true},
                                  Option{"mode", 0, true},
                                  Option{"transform", 0, true},
                                  Option{"use-compress-program", 'I', true},
                                  Option{"files-from", 'T', true},
                                  Option{"exclude-from", 'X', true},
                                  Option{"blocking-factor", 'b', true},
                                  Option{"get"},
                                  Option{"wildcards"},
                                  Option{"one-top-level"},
                                  Option{"keep-old-files", 'k'}};
  std::vector<Argument> words(arguments.begin(), arguments.end());
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < words.size(); ++i) places.push_back(i);
  const std::string_view first = text(words, 0);
  if (!first.empty() && first[0] != '-' && first.find_first_of("xctru") != std::string_view::npos &&
      first.find_first_not_of("xctruvzjJfCphkmPOaZSlX") == std::string_view::npos) {
    // In the old form each letter that takes a value takes the next word: as if it were an option.
    std::vector<Argument> now;
    std::vector<std::size_t> from;
    std::size_t next = 1;
    for (const char letter : first) {
      now.push_back(std::string("-") + letter);
      from.push_back(0);
      if ((letter == 'f' || letter == 'C' || letter == 'X') && next < words.size()) {
        now.push_back(words[next]);
        from.push_back(next++);
      }
    }
    for (; next < words.size(); ++next) {
      now.push_back(words[next]);
      from.push_back(next);
    }
    words = std::move(now);
    places = std::move(from);
  }
  const CommandLine line = read_options(words, options);
  const auto place = [&](const GivenOption& option) {
    return PathAt{places[option.argument], option.offset};
  };
  const GivenOption* file = line.find("file");
  const bool is_stream = file != nullptr && file->value == "-";
  const GivenOption* folder = line.find("directory");
  if (line.has("create")) {
    if (file == nullptr || is_stream) return {};
    return {{.path = place(*file), .source = Source::program}};
  }
  if (!line.has("extract") && !line.has("get")) return {};
  FileChange change{.source = Source::archive, .into_folder = true, .recursive = true};
  if (folder != nullptr) change.path = place(*folder);
  if (file != nullptr && !is_stream) change.from = place(*file);
  return {change};
}

Changes of_unzip(Arguments arguments) {
  constexpr std::array options = {Option{"directory", 'd', true},
                                  Option{"password", 'P', true},
                                  Option{"list", 'l'},
                                  Option{"test", 't'},
                                  Option{"pipe", 'p'},
                                  Option{"exclude", 'x'},
                                  Option{"quiet", 'q'},
                                  Option{"overwrite", 'o'}};
  const CommandLine line = read_options(arguments, options);
  if (line.operands.empty() || line.has("list") || line.has("test") || line.has("pipe")) return {};
  FileChange change{.source = Source::archive,
                    .from = PathAt{line.operands[0], 0},
                    .into_folder = true,
                    .recursive = true};
  if (const GivenOption* folder = line.find("directory")) change.path = at(*folder);
  return {change};
}

// Programs that write to the file which an option names.
struct Output {
  std::string_view program;
  std::string_view option;
  char letter = 0;
};
constexpr std::array outputs = {
    Output{"openssl", "out"},           Output{"openssl", "keyout"},
    Output{"keytool", "keystore"},      Output{"mkcert", "key-file"},
    Output{"mkcert", "cert-file"},      Output{"certtool", "outfile"},
    Output{"dropbearkey", "file", 'f'}, Output{"age-keygen", "output", 'o'},
    Output{"puttygen", "output", 'o'},  Output{"ssh-keygen", "file", 'f'},
    Output{"gpg", "output", 'o'},       Output{"sort", "output", 'o'},
};

void add_output(Changes& changes, const Output& output, Arguments arguments) {
  const std::string name(output.option);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = text(arguments, i);
    const bool is_option = word == "-" + name || word == "--" + name ||
                           (output.letter != 0 && word == std::string("-") + output.letter);
    if (is_option && i + 1 < arguments.size()) {
      changes.push_back({.path = PathAt{i + 1, 0}});
    } else if (word.starts_with("--" + name + "=")) {
      changes.push_back({.path = PathAt{i, name.size() + 3}});
    }
  }
}

struct Program {
  std::string_view name;
  Changes (*read)(Arguments);
};
constexpr std::array programs = {
    Program{"cp", of_cp},           Program{"mv", of_mv},       Program{"ln", of_ln},
    Program{"install", of_install}, Program{"mkdir", of_mkdir}, Program{"mkfifo", of_mkfifo},
    Program{"mknod", of_mknod},     Program{"touch", of_touch}, Program{"rm", of_rm},
    Program{"unlink", of_rmdir},    Program{"rmdir", of_rmdir}, Program{"shred", of_shred},
    Program{"chmod", of_chmod},     Program{"chown", of_chown}, Program{"chgrp", of_chgrp},
    Program{"tee", of_tee},         Program{"dd", of_dd},       Program{"truncate", of_truncate},
    Program{"sed", of_sed},         Program{"gsed", of_sed},    Program{"tar", of_tar},
    Program{"bsdtar", of_tar},      Program{"unzip", of_unzip},
};

// The folders it begins at stand in front of its expression.
std::vector<PathAt> folders_of_find(Arguments arguments) {
  std::vector<PathAt> folders;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = text(arguments, i);
    if (word.starts_with('-') || word == "(" || word == "!") break;
    folders.push_back({i, 0});
  }
  return folders;
}

Changes of_find(Arguments arguments) {
  const std::vector<PathAt> folders = folders_of_find(arguments);
  Changes found;
  const auto add = [&](FileChange change) {
    change.recursive = true;
    change.filtered = true;
    change.from.reset();
    for (const PathAt& folder : folders) {
      found.push_back(change);
      found.back().path = folder;
    }
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = text(arguments, i);
    if (word == "-delete") add({.kind = Kind::deletes});
    const bool runs = word == "-exec" || word == "-execdir" || word == "-ok";
    if (!runs || i + 1 >= arguments.size()) continue;
    std::size_t end = i + 2;
    while (end < arguments.size() && text(arguments, end) != ";" && text(arguments, end) != "+")
      ++end;
    const std::string_view path = text(arguments, i + 1);
    const std::size_t first = i + 2;
    for (FileChange& change :
         file_changes(path.substr(path.rfind('/') + 1), arguments.subspan(first, end - first))) {
      const bool is_found = change.path && text(arguments, first + change.path->argument) == "{}";
      if (is_found) {
        add(change);
      } else if (change.path) {
        change.path->argument += first;
        if (change.from) change.from->argument += first;
        found.push_back(change);
      }
    }
    i = end;
  }
  return found;
}

// Its input are further arguments of the program that it runs.
Changes of_xargs(Arguments arguments) {
  constexpr std::array options = {Option{"max-args", 'n', true}, Option{"max-procs", 'P', true},
                                  Option{"replace", 'I', true},  Option{"delimiter", 'd', true},
                                  Option{"arg-file", 'a', true}, Option{"max-lines", 'L', true},
                                  Option{"null", '0'},           Option{"no-run-if-empty", 'r'}};
  std::size_t first = 0;
  while (first < arguments.size() && text(arguments, first).starts_with('-')) {
    const std::string_view word = text(arguments, first);
    const auto option = std::ranges::find_if(
        options, [&](const Option& each) { return word.size() == 2 && word[1] == each.letter; });
    first += option != options.end() && option->takes_value ? 2 : 1;
  }
  if (first >= arguments.size() || !arguments[first]) return {};
  const std::string_view path = text(arguments, first);
  std::vector<Argument> inner(arguments.begin() + static_cast<std::ptrdiff_t>(first) + 1,
                              arguments.end());
  inner.emplace_back(std::nullopt);
  Changes changes = file_changes(path.substr(path.rfind('/') + 1), inner);
  for (FileChange& change : changes) {
    for (std::optional<PathAt>* place : {&change.path, &change.from}) {
      if (!*place) continue;
      if ((*place)->argument + 1 >= inner.size()) {
        place->reset();
      } else {
        (*place)->argument += first + 1;
      }
    }
  }
  return changes;
}

}  // namespace

std::vector<FileChange> file_changes(std::string_view program,
                                     std::span<const Argument> arguments) {
  const auto* found = std::ranges::find(programs, program, &Program::name);
  if (found != programs.end()) return found->read(arguments);
  if (program == "find") return of_find(arguments);
  if (program == "xargs") return of_xargs(arguments);
  Changes changes;
  for (const Output& output : outputs) {
    if (output.program == program) add_output(changes, output, arguments);
  }
  return changes;
}

}  // namespace bulkhead::shell
