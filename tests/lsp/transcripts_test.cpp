// Replays the sessions in transcripts/*.txt. Each is a text file of turns, separated by blank
// lines:
//
//   # What this shows.
//   rules: add-instead-of-copy          the only rules that run (first turn only; else all)
//   --> {"id": 1, "method": ...}        the client sends; "jsonrpc" is added; long ones go on in
//                                       lines that start with a blank
//   scanned: {"entries": [...]}         the build context asked for first has been listed; folders
//                                       end with a slash, "ignore" is the text of a .dockerignore,
//                                       "dockerfiles" has the texts of Dockerfiles by their names
//   found: ["/path", ...]               the folders of the workspace have been searched
//   read: "text"                        the file asked for first has been read
//   unreadable:                         or could not be
//   asks: search /path ...              what the server has asked of the world in the turn
//   <-- {...}                           what it sends once it has carried out the turn
//
// With BULKHEAD_UPDATE=1 in the environment the lines with asks: and <-- are written anew, for the difference
// to be reviewed.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "analysis/model/document.h"
#include "tests/catch.h"
#include "tests/lsp/session.h"

using namespace bulkhead;
using namespace bulkhead::lsp;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(BULKHEAD_SOURCE_DIR) / "tests/lsp/transcripts";

bool updating() {
  return std::getenv("BULKHEAD_UPDATE") != nullptr;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// ---- Reading

// One entry of a turn: "-->" and what follows it, with its continuation lines.
struct Entry {
  std::string mark;
  std::string text;   // without the mark
  std::string lines;  // as they stand in the file
};

using Turn = std::vector<Entry>;

std::string mark_of(const std::string& line) {
  for (const char* mark :
       {"-->", "<--", "scanned:", "found:", "read:", "unreadable:", "asks:", "rules:", "#"}) {
    if (line.starts_with(mark)) return mark;
  }
  throw std::runtime_error("a line of no known kind: " + line);
}

std::vector<Turn> parse_turns(const std::string& text) {
  std::vector<Turn> turns(1);
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      if (!turns.back().empty()) turns.emplace_back();
    } else if (line.starts_with(' ') && !turns.back().empty()) {
      turns.back().back().text += line;
      turns.back().back().lines += line + "\n";
    } else {
      const std::string mark = mark_of(line);
      turns.back().push_back({mark, line.substr(mark.size()), line + "\n"});
    }
  }
  if (turns.back().empty()) turns.pop_back();
  return turns;
}

// ---- Writing

// What fits into a line stands on one; the rest is broken after each member.
std::string pretty(const Json& json, std::size_t indent) {
  constexpr std::size_t width = 100;
  const std::string flat = json.dump();
  if (indent + flat.size() <= width || !json.is_structured()) return flat;
  std::string out(1, json.is_array() ? '[' : '{');
  const std::string line_end = "\n" + std::string(indent + 2, ' ');
  for (auto at = json.begin(); at != json.end(); ++at) {
    if (at != json.begin()) out += ',';
    out += line_end;
    if (json.is_object()) out += Json(at.key()).dump() + ": ";
    out += pretty(*at, indent + 2);
  }
  return out + line_end.substr(0, indent + 1) + (json.is_array() ? ']' : '}');
}

std::string shown(Json message) {
  if (message.is_object()) message.erase("jsonrpc");
  return "<-- " + pretty(message, 4) + "\n";
}

// ---- Replaying

Config config_of(const std::vector<Turn>& turns) {
  Config config;
  for (const Entry& entry : turns.front()) {
    if (entry.mark != "rules:") continue;
    std::istringstream names(entry.text);
    config.select.emplace();
    for (std::string name; names >> name;) {
      const Rule* const rule = find_rule(name);
      if (!rule) throw std::runtime_error("no rule is called " + name);
      config.select->push_back(rule);
    }
  }
  return config;
}

BuildContext build_context(const Json& json) {
  BuildContext context;
  for (std::string path : json["entries"]) {
    const bool is_folder = path.ends_with('/');
    if (is_folder) path.pop_back();
    context.entries.push_back({.path = path, .folder = is_folder});
  }
  if (json.contains("ignore")) context.ignore_file = {".dockerignore", json["ignore"]};
  return context;
}

void play(const Entry& entry, TestSession& session) {
  if (entry.mark == "-->") {
    Json message = Json::parse(entry.text, nullptr, false);
    if (message.is_object()) message["jsonrpc"] = "2.0";
    session.server.receive(message.is_discarded() ? entry.text : message.dump());
  } else if (entry.mark == "scanned:") {
    const Json json = Json::parse(entry.text);
    Context context{.build = build_context(json)};
    const Json dockerfiles = json.value("dockerfiles", Json::object());
    for (const auto& [name, text] : dockerfiles.items())
      context.dockerfiles.push_back({name, Document::create(text)});
    session.scanned(std::move(context));
  } else if (entry.mark == "found:") {
    session.found(Json::parse(entry.text));
  } else if (entry.mark == "read:") {
    session.read(Json::parse(entry.text));
  } else if (entry.mark == "unreadable:") {
    TestSession::answer_first(session.reads, std::optional<FileOnDisk>());
  }
}

void replay(const fs::path& path) {
  const std::string text = read_file(path);
  const std::vector<Turn> turns = parse_turns(text);
  REQUIRE_FALSE(turns.empty());
  TestSession session(config_of(turns));
  std::string expected;
  std::string actual;
  for (const Turn& turn : turns) {
    const char* const separator = actual.empty() ? "" : "\n";
    expected += separator;
    actual += separator;
    for (const Entry& entry : turn) {
      if (entry.mark == "asks:") {
        expected += entry.lines;
        continue;
      }
      if (entry.mark == "<--") {
        expected += shown(Json::parse(entry.text));
        continue;
      }
      expected += entry.lines;
      actual += entry.lines;
      play(entry, session);
    }
    const auto sent = session.settle();
    for (const std::string& asked : std::exchange(session.asked, {}))
      actual += "asks: " + asked + "\n";
    for (const Json& message : sent) actual += shown(message);
  }
  if (updating()) {
    if (actual != text) std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  INFO(path.string() << ": BULKHEAD_UPDATE=1 rewrites what it expects");
  CHECK(actual == expected);
}

}  // namespace

TEST_CASE("transcripts") {
  std::vector<fs::path> paths;
  for (const auto& file : fs::directory_iterator(folder)) paths.push_back(file.path());
  std::ranges::sort(paths);
  REQUIRE_FALSE(paths.empty());
  for (const fs::path& path : paths) {
    DYNAMIC_SECTION(path.filename().string()) {
      replay(path);
    }
  }
}
