#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/accounts.h"
#include "analysis/rule.h"
#include "analysis/rules/root_home.h"

namespace bulkhead::rules {
namespace {

// The edits that move `places` to /app; none if the folder is named elsewhere in the document too.
std::vector<Edit> move_to_app(const Document& document, const std::vector<Word>& places) {
  const std::string_view text = document.text();
  std::size_t mentions = 0;
  for (auto at = text.find(root_home); at != std::string_view::npos;
       at = text.find(root_home, at + 1))
    ++mentions;
  if (mentions != places.size()) return {};
  std::vector<Edit> edits;
  for (const Word& word : places) {
    if (!word.text().starts_with(root_home)) return {};
    edits.push_back(replace(word, "/app" + std::string(word.text().substr(root_home.size()))));
  }
  return edits;
}

// Several stages may be built on the one that has them, of which `told` are known.
void check_stage(const Stage& stage, std::set<std::uint32_t>& told, Report& report) {
  if (!stage.is_shipped()) return;
  const std::vector<Word> places = places_in_root_home(stage);
  const std::string user = places.empty() ? "" : account_of_process(stage);
  if (user.empty() || !told.insert(places.front().span().begin).second) return;
  auto finding =
      report.at(places.front(), places.front().value().text + " cannot be reached by " + user +
                                    ", who runs the process: only root may enter /root");
  for (std::size_t i = 1; i < places.size(); ++i)
    finding.related(places[i], "this lies there as well");
  finding.fix(Safety::unsafe, "Put it under /app", move_to_app(stage.document(), places));
}

bool is_in_root_home(const Instruction& instruction) {
  return place_in_root_home(instruction).has_value();
}

// Any line may name the folder.
void check(const Document& document, Report& report) {
  if (report.instructions<is_in_root_home>(document).empty()) return;
  std::set<std::uint32_t> told;
  for (const Stage& stage : document.stages()) check_stage(stage, told, report);
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
