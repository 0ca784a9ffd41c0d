#include <algorithm>
#include <string>
#include <vector>

#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/rule.h"

namespace bulkhead::rules {
namespace {

constexpr std::string_view home = "/root";

bool lies_at_home(const Value& path) {
  return path.known && is_within(normalized(path.text), home);
}

// Whether a command may open the folder to others.
bool opens_home(const Run& run) {
  return std::ranges::any_of(run.commands(), [](const Command& command) {
    const std::string program = command.name();
    if (program != "chmod" && program != "chown") return false;
    return std::ranges::any_of(command.arguments(), [](const ShellWord& word) {
      return normalized(word.value().text) == home;
    });
  });
}

// The words of the stage that say where files of the application lie.
std::vector<Word> places_at_home(const Stage& stage) {
  std::vector<Word> found;
  for (const Instruction& instruction : stage.instructions()) {
    const auto words = instruction.words();
    if (instruction.is_trigger() || words.empty()) continue;
    const bool transfer =
        (instruction.kind() == Keyword::copy || instruction.kind() == Keyword::add) &&
        words.size() > 1;
    if (instruction.kind() != Keyword::workdir && !transfer) continue;
    const Word word = words.back();
    if (lies_at_home(word.value())) found.push_back(word);
  }
  return found;
}

// The edits that move `places` to /app; none if the folder is named elsewhere in the document too.
std::vector<Edit> move_to_app(const Document& document, const std::vector<Word>& places) {
  const std::string_view text = document.text();
  std::size_t mentions = 0;
  for (auto at = text.find(home); at != std::string_view::npos; at = text.find(home, at + 1))
    ++mentions;
  if (mentions != places.size()) return {};
  std::vector<Edit> edits;
  for (const Word& word : places) {
    if (!word.text().starts_with(home)) return {};
    edits.push_back(replace(word, "/app" + std::string(word.text().substr(home.size()))));
  }
  return edits;
}

void check(const Stage& stage, Report& report) {
  if (!stage.is_shipped()) return;
  const std::string user = account_of_process(stage);
  if (user.empty()) return;
  std::vector<Word> places;
  for (const Stage& at : stage.lineage()) {
    if (std::ranges::any_of(at.all<Run>(), opens_home)) return;
    for (const Word& word : places_at_home(at)) places.push_back(word);
  }
  if (places.empty()) return;
  auto finding =
      report.at(places.front(), places.front().value().text + " cannot be reached by " + user +
                                    ", who runs the process: only root may enter /root");
  for (std::size_t i = 1; i < places.size(); ++i)
    finding.related(places[i], "this lies there as well");
  finding.fix(Safety::unsafe, "Put it under /app", move_to_app(stage.document(), places));
}

}  // namespace

extern constinit const Rule app_under_root_home{
    .id = "app-under-root-home",
    .title = "The application lies in the home of root",
    .category = Category::permissions,
    .severity = Severity::warning,
    .aliases = {},
    .why = R"(
`/root` has mode 700: nobody but root may enter it. An application that was installed there while the image
was built as root, and then runs as somebody else, finds neither its program nor its files. The quick way out
is often to leave the `USER` out again, or to open root's home to everybody, with the keys and histories that
may lie there.

Put applications under `/app`, `/opt` or `/srv`, and what belongs to the user under its own home. The rule is
silent where a command changes mode or owner of `/root`.

The fix moves what is copied there, and the working directory, to `/app`. It is unsafe, for the program may
look for its files where they were; there is none where other lines name the folder too.
)",
    .bad = R"(
FROM python:3.14
WORKDIR /root/app
COPY . .
USER 10001
CMD ["python", "main.py"]
)",
    .good = R"(
FROM python:3.14
WORKDIR /app/app
COPY . .
USER 10001
CMD ["python", "main.py"]
)",
    .references = {"https://docs.docker.com/reference/dockerfile/#workdir",
                   "https://docs.docker.com/reference/dockerfile/#user"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
