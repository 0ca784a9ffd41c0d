// What a transcript cannot show: rules made for the test, the build context's comings and goings, and
// what the server asks of the process around it.

#include "analysis/compose/compose.h"
#include "analysis/engine.h"
#include "analysis/model/document.h"
#include "analysis/rule.h"
#include "tests/catch.h"
#include "tests/lsp/session.h"

using namespace bulkhead;
using namespace bulkhead::lsp;

namespace {

// Tells what it sees of the build context, and offers to create a file there.
void look_around(const Document&, Report& report) {
  const auto& build = report.context().build;
  if (!build) return;
  report.at(Span{0, 4}, std::to_string(build->entries.size()) + " files")
      .fix(Safety::safe, "Create a file", create_file("a b.txt", "text\n"))
      .fix(Safety::unsafe, "Take the keyword away",
           {replace(Span{0, 4}, ""), replace(Span{0, 4}, "")});
}
constinit const Rule probe{.id = "probe", .severity = Severity::hint, .checks = each<look_around>};

void fall_over(const Document&, Report&) {
  throw std::runtime_error("oh");
}
constinit const Rule broken{.id = "broken", .checks = each<fall_over>};

void annotate(const Document&, Report& report) {
  report.at(Span{0, 4}, "here")
      .related(Span{5, 8}, "there")
      .tag(Tag::deprecated)
      .tag(Tag::unnecessary);
}
constinit const Rule annotated{
    .id = "annotated", .severity = Severity::info, .checks = each<annotate>};

// Tells what the ignore file says, and offers to add to it.
void tell_ignored(const Document&, Report& report) {
  const auto& build = report.context().build;
  if (!build || !build->ignore_file) return;
  const auto& [path, text] = *build->ignore_file;
  report.at(Span{0, 4}, text).fix(Safety::unsafe, "Ignore more", Edit{{{0, 0}, "more\n"}, path});
}
constinit const Rule ignored{.id = "ignored", .checks = each<tell_ignored>};

// Tells what it knows of registries.
void tell_registries(const Document&, Report& report) {
  std::string all;
  for (const std::string& glob : report.context().trusted_registries) all += glob + ";";
  report.at(Span{0, 4}, all.empty() ? "none" : all);
}
constinit const Rule teller{.id = "teller", .checks = each<tell_registries>};

// Tells which services build it.
void tell_services(const Document&, Report& report) {
  std::string all;
  for (const BuildingService& service : report.context().built_by) all += service.name + ";";
  report.at(Span{0, 4}, all.empty() ? "nobody" : all);
}
constinit const Rule services{.id = "services", .checks = each<tell_services>};

// Tells what a service is built from.
void tell_image(const Service& service, Report& report) {
  for (const BuiltImage& image : report.context().builds) {
    if (image.service == service.name())
      report.at(service.span(), image.file + " " + std::string(image.dockerfile->text()));
  }
}
constinit const Rule images{.id = "images", .checks = each<tell_image>};

// Throws, or has no time, until it is mended.
bool mended = false;
void fall_over_for_now(const Document&, Report& report) {
  if (!mended) throw std::runtime_error("oh");
  report.at(Span{0, 4}, "mended");
}
constinit const Rule moody{.id = "moody", .checks = each<fall_over_for_now>};
void fall_over_each(const Instruction& instruction, Report& report) {
  if (!mended) throw std::runtime_error("oh");
  report.at(instruction.span(), "seen");
}
constinit const Rule moody_of_each{.id = "moody-of-each", .checks = each<fall_over_each>};

Config only(std::vector<const Rule*> rules) {
  return {.select = std::move(rules)};
}

const std::string uri = "file:///home/me/my%20app/Dockerfile";

BuildContext files(std::size_t count) {
  BuildContext context;
  for (std::size_t i = 0; i < count; ++i) context.entries.push_back({std::to_string(i)});
  return context;
}

void answer_scan(TestSession& session, std::size_t count) {
  REQUIRE_FALSE(session.scans.empty());
  const auto receiver = session.scans.front().second;
  session.scans.pop_front();
  receiver({.build = files(count)});
}

// The messages of what was published; none when nothing was.
std::vector<std::string> published(const std::vector<Json>& sent) {
  std::vector<std::string> messages;
  for (const Json& message : sent) {
    if (message.value("method", "") != "textDocument/publishDiagnostics") continue;
    for (const Json& diagnostic : message["params"]["diagnostics"])
      messages.push_back(diagnostic["message"]);
    if (message["params"]["diagnostics"].empty()) messages.push_back("nothing found");
  }
  return messages;
}

std::vector<std::string> methods(const std::vector<Json>& sent) {
  std::vector<std::string> out;
  for (const Json& message : sent) out.push_back(message.value("method", "answer"));
  return out;
}

Json change(const std::string& document, int version, const std::string& text) {
  return {{"textDocument", {{"uri", document}, {"version", version}}},
          {"contentChanges", Json::array({{{"text", text}}})}};
}

Json identifier(const std::string& document) {
  return {{"textDocument", {{"uri", document}}}};
}

// Asks for the diagnostics of the workspace; `known` are result ids by URIs.
std::vector<Json> pull_workspace(TestSession& session, int id, const Json& known) {
  Json previous = Json::array();
  for (const auto& [document, value] : known.items())
    previous.push_back({{"uri", document}, {"value", value}});
  session.server.receive(Json{{"jsonrpc", "2.0"},
                              {"id", id},
                              {"method", "workspace/diagnostic"},
                              {"params", {{"previousResultIds", previous}}}}
                             .dump());
  return session.settle();
}

// "full URI ID" and "unchanged URI ID" of each item, or "waits".
std::vector<std::string> reports(const std::vector<Json>& sent) {
  std::vector<std::string> out;
  for (const Json& message : sent) {
    if (!message.contains("result")) continue;
    for (const Json& item : message["result"]["items"])
      out.push_back(item["kind"].get<std::string>() + " " + item["uri"].get<std::string>() + " " +
                    item.value("resultId", "-"));
    if (message["result"]["items"].empty()) out.push_back("nothing");
  }
  return out.empty() ? std::vector<std::string>{"waits"} : out;
}

TestSession& with_folder(TestSession& session, const std::string& folder, bool watches) {
  session.request(
      "initialize",
      {{"processId", nullptr},
       {"capabilities",
        {{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", watches}}}}}}},
       {"workspaceFolders", {{{"uri", folder}, {"name", "w"}}}}});
  return session;
}

std::vector<Json> watched(TestSession& session, const std::string& changed, int type) {
  return session.notify("workspace/didChangeWatchedFiles",
                        {{"changes", {{{"uri", changed}, {"type", type}}}}});
}

// Whether a change of that file has the server look around an open document again, which finds `context`.
bool looks_around(TestSession& session, const std::string& changed, const Context& context) {
  watched(session, changed, 2);
  const bool looks = !session.scans.empty();
  while (!session.scans.empty()) session.scanned(context);
  return looks;
}

Json actions_at_start(TestSession& session) {
  Json params = identifier(uri);
  params["range"] = {{"start", {{"line", 0}, {"character", 0}}},
                     {"end", {{"line", 0}, {"character", 0}}}};
  params["context"] = {{"diagnostics", Json::array()}};
  return session.request("textDocument/codeAction", params)["result"];
}

std::vector<std::string> titles(const Json& actions) {
  std::vector<std::string> out;
  for (const Json& action : actions) out.push_back(action["title"]);
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("commands that were read before are not read again, in this file or another one") {
  TestSession session;
  session.initialize({});
  session.open("untitled:a", "FROM a\nRUN make\nRUN make\n");
  CHECK(session.scripts.found == 1);
  session.open("untitled:b", "FROM b\nRUN make\nRUN make all\n");
  CHECK(session.scripts.found == 2);
}

TEST_CASE("the exit code says whether shutdown came before the end") {
  TestSession session;
  CHECK(session.server.exit_code() == 1);
  session.initialize(Json::object());
  CHECK(session.server.exit_code() == 1);
  session.request("shutdown", nullptr);
  CHECK(session.server.exit_code() == 0);
  CHECK_FALSE(session.server.exited());
  session.notify("exit", nullptr);
  CHECK(session.server.exited());
}

TEST_CASE("the process of the client is watched when it is told") {
  TestSession session;
  session.request("initialize", {{"processId", 4711}, {"capabilities", Json::object()}});
  CHECK(session.watched == std::vector<std::int64_t>{4711});
  TestSession alone;
  alone.initialize(Json::object());
  CHECK(alone.watched.empty());
}

TEST_CASE("only files have a build context") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  for (const char* other :
       {"untitled:Untitled-1", "vscode-remote://ssh/a/Dockerfile", "file://server/a", ":"}) {
    CHECK(published(session.open(other, "FROM a:1\n")) == Texts{"nothing found"});
  }
  CHECK(session.scans.empty());
  session.open(uri, "FROM a:1\n");
  REQUIRE(session.scans.size() == 1);
  CHECK(session.scans.front().first == "/home/me/my app/Dockerfile");
}

TEST_CASE("diagnostics do not wait for the build context, and follow when it is known") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  CHECK(published(session.open(uri, "FROM a:1\n")) == Texts{"nothing found"});
  answer_scan(session, 3);
  CHECK(published(session.settle()) == Texts{"3 files"});
  CHECK(published(session.notify("textDocument/didChange", change(uri, 2, "FROM b:2\n"))) ==
        Texts{"3 files"});
}

TEST_CASE("a build context that changes nothing is not told again") {
  TestSession session(only({&annotated}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  answer_scan(session, 3);
  CHECK(session.settle().empty());
}

TEST_CASE("a build context that comes too late is thrown away") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  session.notify("textDocument/didClose", identifier(uri));
  session.open(uri, "FROM a:1\n");
  REQUIRE(session.scans.size() == 2);
  answer_scan(session, 1);  // that of the first opening
  CHECK(session.settle().empty());
  answer_scan(session, 2);
  CHECK(published(session.settle()) == Texts{"2 files"});
}

TEST_CASE("of one document one scan runs at a time") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  for (int i = 0; i < 5; ++i) session.notify("textDocument/didSave", identifier(uri));
  REQUIRE(session.scans.size() == 1);
  answer_scan(session, 1);  // out of date, for the file was saved since, but better than none
  CHECK(published(session.settle()) == Texts{"1 files"});
  REQUIRE(session.scans.size() == 1);
  answer_scan(session, 2);
  CHECK(published(session.settle()) == Texts{"2 files"});
  CHECK(session.scans.empty());
}

TEST_CASE("a question waits for the first build context of an opening, but not for ever") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  const auto ask = [&] { return session.request("textDocument/diagnostic", identifier(uri)); };
  const auto items = [](const Json& answer) { return answer["result"]["items"]; };
  session.open(uri, "FROM a:1\n");
  CHECK(ask() == nullptr);
  session.pass_time();
  const auto sent = session.settle();
  REQUIRE(methods(sent).back() == "answer");
  CHECK(items(sent.back()).empty());
  CHECK(items(ask()).empty());  // nor does the next one wait
  answer_scan(session, 3);
  CHECK(items(ask())[0]["message"] == "3 files");
  session.notify("textDocument/didSave", identifier(uri));
  REQUIRE(session.scans.size() == 1);
  CHECK(items(ask())[0]["message"] == "3 files");

  // The time of one opening is not that of the next.
  session.notify("textDocument/didClose", identifier(uri));
  session.open(uri, "FROM a:1\n");
  const auto of_first = std::exchange(session.timers, {});
  session.notify("textDocument/didClose", identifier(uri));
  session.open(uri, "FROM a:1\n");
  CHECK(ask() == nullptr);
  for (const auto& action : of_first) action();
  CHECK(session.settle().empty());
  session.pass_time();
  CHECK(methods(session.settle()).back() == "answer");
}

TEST_CASE("a changed ignore file re-checks the documents of its folder") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  const std::string other = "file:///home/me/other/Dockerfile";
  for (const std::string& document : {uri, other}) {
    session.open(document, "FROM a:1\n");
    answer_scan(session, 1);
  }
  session.settle();
  // Spelled otherwise than the document, as clients do.
  session.notify("workspace/didChangeWatchedFiles",
                 {{"changes",
                   {{{"uri", "file:///home/me/my app/.dockerignore"}, {"type", 2}},
                    {{"uri", "untitled:x"}, {"type", 1}}}}});
  REQUIRE(session.scans.size() == 1);
  CHECK(session.scans.front().first == "/home/me/my app/Dockerfile");
}

TEST_CASE("what is known of the disk is forgotten when something changes, whoever it concerns") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  watched(session, "file:///home/me/foo.txt", 1);
  CHECK(session.forgotten == 1);
}

TEST_CASE("a compose file that is saved re-checks the Dockerfiles around it") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  const std::string compose = "file:///home/me/my%20app/compose.yaml";
  session.open(uri, "FROM a:1\n");
  session.open(compose, "services: {}\n");
  while (!session.scans.empty()) answer_scan(session, 1);
  session.settle();
  session.notify("textDocument/didSave", identifier(compose));
  REQUIRE(session.scans.size() == 2);
  CHECK(session.scans[0].first == "/home/me/my app/Dockerfile");
  // Each once.
  answer_scan(session, 1);
  answer_scan(session, 1);
  CHECK(session.scans.empty());
}

TEST_CASE("a context above the Dockerfile counts as the folder of the Dockerfile does") {
  TestSession session(only({&ignored}));
  session.initialize(Json::object());
  const std::string ignore_file = "file:///home/me/.dockerignore";
  BuildContext context{.root = "../"};
  context.ignore_file = {"../.dockerignore", "*.md\n"};
  session.open(uri, "FROM a:1\n");
  session.scanned({.build = context});
  CHECK(published(session.settle()) == Texts{"*.md\n"});
  // As it stands in the editor.
  CHECK(published(session.open(ignore_file, "*.txt\n")) == Texts{"nothing found", "*.txt\n"});
  session.scans.clear();
  session.notify("textDocument/didClose", identifier(ignore_file));
  REQUIRE(session.scans.size() == 1);
  session.scanned({.build = context});
  CHECK(published(session.settle()) == Texts{"*.md\n"});
  const auto changed = [&](const std::string& other) {
    return looks_around(session, other, {.build = context});
  };
  CHECK(changed("file:///home/me/src/.env"));
  CHECK(changed(ignore_file));
  CHECK(changed("file:///home/.dockerignore"));
  CHECK_FALSE(changed("file:///home/src/.env"));
  CHECK_FALSE(changed("file:///home/me/.git/index"));
}

TEST_CASE("an ignore file counts as soon as it is open, though it is not on the disk yet") {
  TestSession session(only({&ignored}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  session.scanned({.build = BuildContext{.root = "../"}});
  session.settle();
  CHECK(published(session.open("file:///home/me/.dockerignore", "*.txt\n")) ==
        Texts{"nothing found", "*.txt\n"});
  // The one for this Dockerfile alone wins.
  CHECK(published(session.open("file:///home/me/my%20app/Dockerfile.dockerignore", "*.md\n")) ==
        Texts{"*.md\n", "nothing found"});
  CHECK(published(session.open("file:///home/me/other/.dockerignore", "x\n")) ==
        Texts{"nothing found"});
}

TEST_CASE("a fix of an ignore file has a version only while that is open") {
  TestSession session(only({&ignored}));
  session.initialize({{"workspace", {{"workspaceEdit", {{"documentChanges", true}}}}}});
  BuildContext context;
  context.ignore_file = {".dockerignore", "*.md\n"};
  const auto version = [&] {
    const Json edit = actions_at_start(session)[0]["edit"];
    return edit["documentChanges"][0]["textDocument"]["version"];
  };
  const std::string ignore_file = "file:///home/me/my%20app/.dockerignore";
  session.open(uri, "FROM a:1\n");
  session.scanned({.build = context});
  CHECK(version() == nullptr);
  session.open(ignore_file, "*.md\n");
  CHECK(version() == 1);
  session.scans.clear();
  session.notify("textDocument/didClose", identifier(ignore_file));
  session.scanned({.build = context});
  CHECK(version() == nullptr);
  // Called as its client calls it.
  const std::string spelled = "file:///home/me/./my%20app/%2Edockerignore";
  session.open(spelled, "*.md\n");
  const Json edit = actions_at_start(session)[0]["edit"]["documentChanges"][0];
  CHECK(edit["textDocument"] == Json{{"uri", spelled}, {"version", 1}});
}

TEST_CASE("an open compose file counts as it stands, for the Dockerfiles that it builds") {
  TestSession session(only({&services}));
  session.initialize(Json::object());
  const std::string compose = "file:///home/me/compose.yaml";
  const std::string on_disk = "services:\n  a:\n    build: my app\n";
  const Context context{.built_by = {{.file = "../compose.yaml", .name = "a", .context = ""}}};
  session.open(uri, "FROM a:1\n");
  session.scanned(context);
  CHECK(published(session.settle()) == Texts{"a;"});
  CHECK(published(session.open(compose, on_disk)) == Texts{"nothing found"});
  session.scans.clear();
  CHECK(published(session.notify("textDocument/didChange",
                                 change(compose, 2, on_disk + "  b:\n    build: ./my app\n"))) ==
        Texts{"nothing found", "a;b;"});
  CHECK(published(session.notify("textDocument/didChange", change(compose, 3, "services: {}\n"))) ==
        Texts{"nothing found", "nobody"});
  // The Dockerfile is looked at once more, and it is still so.
  CHECK(published(session.notify("textDocument/didChange", change(uri, 2, "FROM b:1\n"))) ==
        Texts{"nobody"});
  session.scanned(context);
  CHECK(session.settle().empty());
  // What was not saved is gone.
  session.notify("textDocument/didClose", identifier(compose));
  REQUIRE(session.scans.size() == 1);
  session.scanned(context);
  CHECK(published(session.settle()) == Texts{"a;"});
  // One that lies elsewhere has no say.
  CHECK(published(session.open("file:///home/you/compose.yaml",
                               "services:\n  c:\n    build: ../me/my app\n")) ==
        Texts{"nothing found"});
}

TEST_CASE("an open Dockerfile counts as it stands, for the compose files that build it") {
  TestSession session(only({&images}));
  session.initialize(Json::object());
  const std::string compose = "file:///home/me/deploy/compose.yaml";
  const auto text = [](const std::string& folder) {
    return "services:\n  a:\n    build: " + folder + "\n";
  };
  const Context context{.builds = {{.service = "a",
                                    .file = "../my app/Dockerfile",
                                    .dockerfile = Document::create("FROM disk\n")}}};
  session.open(compose, text("../my app"));
  session.scanned(context);
  const std::string of_disk = "../my app/Dockerfile FROM disk\n";
  CHECK(published(session.settle()) == Texts{of_disk});
  CHECK(published(session.open(uri, "FROM a:1\n")) ==
        Texts{"../my app/Dockerfile FROM a:1\n", "nothing found"});
  CHECK(published(session.notify("textDocument/didChange", change(uri, 2, "FROM b:1\n"))) ==
        Texts{"../my app/Dockerfile FROM b:1\n", "nothing found"});
  // What the compose file builds may change before it is saved, too, and back.
  CHECK(published(session.notify("textDocument/didChange", change(compose, 2, text("../other")))) ==
        Texts{"nothing found"});
  CHECK(
      published(session.notify("textDocument/didChange", change(compose, 3, text("../my app")))) ==
      Texts{"../my app/Dockerfile FROM b:1\n"});
  session.scans.clear();
  session.notify("textDocument/didClose", identifier(uri));
  REQUIRE(session.scans.size() == 1);
  CHECK(session.scans.front().first == "/home/me/deploy/compose.yaml");
  session.scanned(context);
  CHECK(published(session.settle()) == Texts{of_disk});
  // And on the disk, wherever it lies.
  watched(session, "file:///home/me/my%20app/Dockerfile", 2);
  CHECK(session.scans.size() == 1);
}

TEST_CASE("a change on the disk is for the files above which it lies, and for those it may build") {
  TestSession session(only({&services}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  answer_scan(session, 1);
  const auto asks_for = [&](const std::string& changed) {
    return looks_around(session, changed, {.build = files(1)});
  };
  CHECK(asks_for("file:///home/me/compose.yaml"));
  CHECK(asks_for("file:///home/me/docker-compose.prod.yml"));
  CHECK_FALSE(asks_for("file:///home/me/other/compose.yaml"));
  CHECK(asks_for("file:///home/me/values.yaml"));  // its folder may become the context
  CHECK_FALSE(asks_for("file:///home/me/other/values.yaml"));
}

TEST_CASE("thirty thousand changes on the disk are looked at with a large compose file open") {
  TestSession session(only({&images}));
  session.initialize(Json::object());
  std::string text = "services:\n";
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = "s" + std::to_string(i);
    text += "  " + name + ":\n    build: ../" + name + "\n";
  }
  session.open("file:///home/me/deploy/compose.yaml", text);
  session.scanned();
  Json changes = Json::array();
  for (int i = 0; i < 30'000; ++i)
    changes.push_back(
        {{"uri", "file:///home/me/deploy/node_modules/" + std::to_string(i)}, {"type", 1}});
  session.notify("workspace/didChangeWatchedFiles", {{"changes", changes}});
  CHECK(session.scans.empty());
  changes.push_back({{"uri", "file:///home/me/s1999/Dockerfile"}, {"type", 2}});
  session.notify("workspace/didChangeWatchedFiles", {{"changes", changes}});
  CHECK(session.scans.size() == 1);
}

TEST_CASE("what lies in the root folder is seen from below and beside it") {
  TestSession session(only({&services}));
  session.initialize(Json::object());
  const std::string below = "file:///a/Dockerfile";
  session.open(below, "FROM a:1\n");
  session.scanned({.build = BuildContext{.root = "../"}});
  CHECK(looks_around(session, "file:///src/.env", {}));
  session.notify("textDocument/didClose", identifier(below));
  session.open("file:///Dockerfile", "FROM a:1\n");
  session.scanned();
  session.settle();
  CHECK(published(session.open("file:///compose.yaml", "services:\n  a:\n    build: .\n")) ==
        Texts{"a;", "nothing found"});
}

TEST_CASE("folders that cannot be searched are named in the log once") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  const auto logged = [&](int id, std::set<std::string> problems) {
    pull_workspace(session, id, Json::object());
    session.found({"/w/Dockerfile"}, std::move(problems));
    session.read("FROM a:1\n");
    Texts messages;
    for (const Json& message : session.settle()) {
      if (message.value("method", "") == "window/logMessage")
        messages.push_back(message["params"]["message"]);
    }
    return messages;
  };
  CHECK(logged(1, {"cannot search a"}) == Texts{"cannot search a"});
  CHECK(logged(2, {"cannot search a"}).empty());
  CHECK(logged(3, {"cannot search a", "cannot search b"}) == Texts{"cannot search b"});
  CHECK(logged(4, {}).empty());
  CHECK(logged(5, {"cannot search a"}) == Texts{"cannot search a"});
}

TEST_CASE("a search for files serves all who have asked before it began") {
  TestSession session(only({&annotated}));
  session.initialize(Json::object());
  const auto ask = [&](int id) { return pull_workspace(session, id, Json::object()); };
  for (int id = 1; id <= 4; ++id) CHECK(ask(id).empty());
  CHECK(session.searches.size() == 1);
  CHECK(methods(session.notify("$/cancelRequest", {{"id", 3}})) == Texts{"answer"});
  session.found({});
  const auto first = session.settle();
  REQUIRE(first.size() == 1);
  CHECK(first[0]["id"] == 1);
  REQUIRE(session.searches.size() == 1);
  session.found({});
  const auto others = session.settle();
  REQUIRE(others.size() == 2);
  CHECK(others[0]["id"] == 2);
  CHECK(others[1]["id"] == 4);
  // Nobody waits for one any more.
  CHECK(ask(5).empty());
  CHECK(ask(6).empty());
  session.notify("$/cancelRequest", {{"id", 6}});
  session.found({});
  session.settle();
  CHECK(session.searches.empty());
}

TEST_CASE("files are one however a client spells them") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  pull_workspace(session, 1, Json::object());
  session.found({"/w/@scope/Dockerfile"});
  session.read("FROM a:1\n");
  CHECK(reports(session.settle()) == Texts{"full file:///w/@scope/Dockerfile 1"});
  // As Visual Studio Code does. It waits, and is answered in its own words.
  CHECK(reports(pull_workspace(session, 2, {{"file:///w/%40scope/Dockerfile", "1"}})) ==
        Texts{"waits"});
  session.found({"/w/@scope/Dockerfile"});
  session.read("FROM a:1\n");
  CHECK(reports(session.settle()) == Texts{"waits"});
  watched(session, "file:///w/%40scope/Dockerfile", 2);
  session.found({"/w/@scope/Dockerfile"});
  session.read("#\n\nFROM a:1\n");
  CHECK(reports(session.settle()) == Texts{"full file:///w/%40scope/Dockerfile 2"});
}

TEST_CASE("a document is open however a client spells it") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  const std::string document = "file:///w//a/./Dockerfile";
  session.open(document, "FROM a:1\n");
  session.scanned();
  session.settle();
  pull_workspace(session, 1, Json::object());
  session.found({"/w/a/Dockerfile"});
  CHECK(session.reads.empty());
  CHECK(reports(session.settle()) == Texts{"full " + document + " 2"});
  CHECK(looks_around(session, "file:///w/a/b", {}));
  CHECK(looks_around(session, "file:///w//a/./b", {}));

  TestSession neighbours(only({&services}));
  neighbours.initialize(Json::object());
  neighbours.open(document, "FROM a:1\n");
  CHECK(published(neighbours.open("file:///w/compose.yaml", "services:\n  a:\n    build: a\n")) ==
        Texts{"a;", "nothing found"});
  CHECK(published(neighbours.notify("textDocument/didChange", change(document, 2, "FROM b:1\n"))) ==
        Texts{"a;"});
}

TEST_CASE("a file that is not open is read with those around it that are") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  session.open("file:///w/compose.yaml", "services: {}\n");
  session.open("file:///w/b/.dockerignore", "*.md\n");
  session.settle();
  session.asked.clear();
  pull_workspace(session, 1, Json::object());
  session.found({"/w/a/Dockerfile"});
  CHECK(session.asked.back() == "read /w/a/Dockerfile beside /w/compose.yaml");
}

TEST_CASE(
    "who waits for news is told what a Dockerfile means for a compose file that is not open") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  const std::string document = "file:///w/Dockerfile";
  session.open(document, "FROM a:1\nRUN b\n");
  session.scanned({.built_by = {{.file = "compose.yaml", .name = "a", .context = ""}}});
  session.settle();
  pull_workspace(session, 1, Json::object());
  session.found({"/w/Dockerfile"});
  const auto first = reports(session.settle());
  CHECK(first.size() == 1);
  const std::string id = first[0].substr(first[0].rfind(' ') + 1);
  pull_workspace(session, 2, {{document, id}});
  session.found({"/w/Dockerfile"});
  session.settle();
  session.searches.clear();
  const auto type = [&](int version, int line, int character) {
    Json edit = change(document, version, "x");
    const Json place = {{"line", line}, {"character", character}};
    edit["contentChanges"][0]["range"] = {{"start", place}, {"end", place}};
    session.notify("textDocument/didChange", edit);
    return !session.searches.empty();
  };
  CHECK_FALSE(type(2, 1, 5));
  CHECK(type(3, 0, 6));
}

TEST_CASE("a folder may come and go with its files") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w/", true);
  pull_workspace(session, 1, {{"file:///w/a/Dockerfile", "x"}});
  session.found({"/w/a/Dockerfile"});
  session.read("FROM a:1\n");
  session.settle();
  CHECK(reports(pull_workspace(session, 2, {{"file:///w/a/Dockerfile", "1"}})) == Texts{"waits"});
  session.found({"/w/a/Dockerfile"});
  session.read("FROM a:1\n");
  CHECK(session.settle().empty());
  watched(session, "file:///w/b.o", 1);
  CHECK(session.searches.empty());
  watched(session, "file:///w/a", 3);
  session.found({});
  CHECK(reports(session.settle()) == Texts{"full file:///w/a/Dockerfile -"});
}

TEST_CASE("who waits for news of the workspace is told of what findings tell of, and of folders") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w/", true);
  const auto look = [&] {
    session.found({"/w/app.v2/Dockerfile"});
    session.read("FROM a:1\n");
    session.settle();
  };
  pull_workspace(session, 1, {{"file:///w/app.v2/Dockerfile", "1"}});
  look();
  session.folders_on_disk = {"/w/conf.d"};
  for (const std::string path : {"app.v2/.env", "app.v2/key.pem", "app.v2", "app.v2/x.bak",
                                 "x.sql.gz", ".svn/wc.db", "conf.d"}) {
    watched(session, "file:///w/" + path, 1);
    REQUIRE(session.searches.size() == 1);
    look();
  }
  for (const std::string path :
       {"app.v2/main.o", "app.log", ".git/index.lock", "vendor/x.go", "conf.e"})
    watched(session, "file:///w/" + path, 1);
  watched(session, "file:///w/app.v", 3);
  CHECK(session.searches.empty());
}

TEST_CASE("who waits for news of the workspace is told of what files that are not open name") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w/", true);
  const auto look = [&] {
    session.found({"/w/Dockerfile", "/w/compose.yaml"});
    session.read("FROM a:1\nCOPY src/new.txt *.o /\n");
    session.read("services:\n  a:\n    build: {context: ., dockerfile: app.docker}\n",
                 {.builds = {{.service = "a",
                              .file = "app.docker",
                              .target = "",
                              .dockerfile = Document::create("FROM b\n")}}});
    return reports(session.settle());
  };
  pull_workspace(session, 1, Json::object());
  Json known = Json::object();
  for (const std::string& report : look()) {
    const std::size_t id = report.rfind(' ');
    known[report.substr(report.find(' ') + 1, id - report.find(' ') - 1)] = report.substr(id + 1);
  }
  pull_workspace(session, 2, known);
  CHECK(look() == Texts{"waits"});
  const std::string named = GENERATE("src/new.txt", "app.docker");
  watched(session, "file:///w/other.txt", 1);
  CHECK(session.searches.empty());
  watched(session, "file:///w/" + named, 1);
  CHECK(session.searches.size() == 1);
}

TEST_CASE("a document that was closed is told of anew, as it is on the disk") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  const std::string document = "file:///w/Dockerfile";
  const auto answer = [&] {
    session.found({"/w/Dockerfile"});
    if (!session.reads.empty()) session.read("FROM a:1\n");
    return reports(session.settle());
  };
  pull_workspace(session, 2, Json::object());
  CHECK(answer() == Texts{"full file:///w/Dockerfile 1"});
  pull_workspace(session, 3, {{document, "1"}});
  CHECK(answer() == Texts{"waits"});
  session.open(document, "FROM abcd:1\n");
  session.scanned();
  CHECK(
      session.request("textDocument/diagnostic", identifier(document))["result"]["items"].size() ==
      1);
  session.notify("textDocument/didClose", identifier(document));
  CHECK(answer() == Texts{"full file:///w/Dockerfile 1"});
}

TEST_CASE("a question for a file of the workspace that is not open is answered from the disk") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  const auto ask = [&](const std::string& uri, const Json& known) {
    Json params = identifier(uri);
    params["previousResultId"] = known;
    const auto answer = session.request("textDocument/diagnostic", params);
    if (!answer.is_null()) return answer["result"];
    session.read("FROM a:1\n");
    return session.settle().at(0)["result"];
  };
  const std::string document = "file:///w/a/Dockerfile";
  const Json first = ask(document, nullptr);
  CHECK(first["items"].size() == 1);
  CHECK(ask(document, first["resultId"]) ==
        Json({{"kind", "unchanged"}, {"resultId", first["resultId"]}}));
  // The workspace's report agrees.
  pull_workspace(session, 7, {{document, first["resultId"]}});
  session.found({"/w/a/Dockerfile"});
  session.read("FROM a:1\n");
  CHECK(reports(session.settle()) == Texts{"waits"});
  // Of what lies elsewhere, and of what is no file of ours, there is nothing to be shown.
  const Json nothing = {{"kind", "full"}, {"items", Json::array()}};
  CHECK(ask("file:///elsewhere/Dockerfile", nullptr) == nothing);
  CHECK(ask("file:///w/main.go", nullptr) == nothing);
  CHECK(ask("untitled:Dockerfile", nullptr) == nothing);
  session.server.receive(Json{
      {"jsonrpc", "2.0"},
      {"id", 8},
      {"method", "textDocument/diagnostic"},
      {"params",
       identifier(document)}}.dump());
  session.settle();
  TestSession::answer_first(session.reads, std::optional<FileOnDisk>());
  CHECK(session.settle().at(0)["result"] == nothing);
}

TEST_CASE("a language counts where the name of a file does not say what it is") {
  TestSession session(only({&annotated, &images}));
  session.initialize(Json::object());
  const auto is_dockerfile = [&](const std::string& document, const Json& language) {
    Json item = {{"uri", document}, {"version", 1}, {"text", "FROM a:1\n"}};
    if (!language.is_null()) item["languageId"] = language;
    const auto sent = session.notify("textDocument/didOpen", {{"textDocument", item}});
    return published(sent) == Texts{"here"};
  };
  for (const Json& language : {Json("dockerfile"), Json("Dockerfile"), Json("docker"),
                               Json("containerfile"), Json(""), Json()}) {
    INFO(language.dump());
    CHECK(is_dockerfile("untitled:Untitled-1", language));
    CHECK(is_dockerfile("file:///w/app.docker", language));
  }
  for (const std::string language : {"go", "yaml", "plaintext", "ignore", "dockercompose",
                                     "yaml.docker-compose", "dockerignore"}) {
    INFO(language);
    CHECK_FALSE(is_dockerfile("untitled:Untitled-1", language));
    CHECK(is_dockerfile("file:///w/Dockerfile", language));
  }
  CHECK_FALSE(is_dockerfile("file:///w/compose.yaml", "dockerfile"));
  CHECK_FALSE(is_dockerfile("file:///w/.dockerignore", "dockerfile"));
  // It stays what it was opened as.
  is_dockerfile("untitled:x.go", "go");
  CHECK(published(
            session.notify("textDocument/didChange", change("untitled:x.go", 2, "FROM b:1\n"))) ==
        Texts{"nothing found"});
}

TEST_CASE("a report in pieces has few of them, and its progress can be cancelled") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  Texts paths;
  for (int i = 0; i < 120; ++i) paths.push_back("/w/" + std::to_string(1000 + i) + "/Dockerfile");
  const auto ask = [&](int id) {
    session.server.receive(Json{{"jsonrpc", "2.0"},
                                {"id", id},
                                {"method", "workspace/diagnostic"},
                                {"params",
                                 {{"previousResultIds", Json::array()},
                                  {"workDoneToken", "work"},
                                  {"partialResultToken", "part"}}}}
                               .dump());
    session.settle();
    session.found(paths);
  };
  ask(7);
  std::map<std::string, std::size_t> pieces;
  std::size_t items = 0;
  for (int i = 0; i < 120; ++i) {
    session.read("FROM a:1\n");
    for (const Json& message : session.settle()) {
      if (!message.contains("params")) continue;
      ++pieces[message["params"]["token"]];
      const Json& value = message["params"]["value"];
      if (value.contains("items")) items += value["items"].size();
    }
  }
  CHECK(items == 120);
  CHECK(pieces["part"] == 3);
  CHECK(pieces["work"] <= 102);
  ask(8);
  session.notify("window/workDoneProgress/cancel", {{"token", "other"}});
  session.read("FROM a:1\n");
  CHECK_FALSE(session.reads.empty());
  const auto sent = session.notify("window/workDoneProgress/cancel", {{"token", "work"}});
  REQUIRE(sent.size() == 1);
  CHECK(sent[0]["id"] == 8);
  CHECK(sent[0]["error"]["code"] == -32800);
}

TEST_CASE(
    "a report says of what the client was told otherwise all that it does not have by this one") {
  TestSession session(only({find_rule("missing-image-tag")}));
  with_folder(session, "file:///w", true);
  const std::string document = "file:///w/Dockerfile";
  session.open(document, "FROM a\n");
  session.scanned();
  session.settle();
  pull_workspace(session, 7, Json::object());
  session.found({"/w/Dockerfile"});
  const auto first = reports(session.settle());
  const std::string id = first.at(0).substr(first.at(0).rfind(' ') + 1);
  CHECK(reports(pull_workspace(session, 8, {{document, id}})) == Texts{"waits"});
  session.found({"/w/Dockerfile"});
  session.settle();
  session.notify("textDocument/didChange", change(document, 2, "FROM a\nFROM b\n"));
  const Json told =
      session.request("textDocument/diagnostic", identifier(document))["result"]["resultId"];
  // Alone it is no news; with other news it goes along.
  watched(session, "file:///w/x.Dockerfile", 1);
  session.found({"/w/Dockerfile"});
  CHECK(reports(session.settle()) == Texts{"waits"});
  watched(session, "file:///w/x.Dockerfile", 1);
  session.found({"/w/Dockerfile", "/w/x.Dockerfile"});
  session.read("FROM a:1\n");
  const auto last = reports(session.settle());
  REQUIRE(last.size() == 2);
  CHECK(last[0] == "full " + document + " " + told.get<std::string>());
}

TEST_CASE("what a client asks for beyond the end of a line is its end") {
  TestSession session;
  session.initialize(Json::object());
  session.open(uri, "FROM ubuntu\nCMD a\n");
  const auto actions = [&](int character) {
    const Json place = {{"line", 0}, {"character", character}};
    return session
        .request("textDocument/codeAction",
                 {{"textDocument", {{"uri", uri}}},
                  {"range", {{"start", place}, {"end", place}}},
                  {"context", {{"diagnostics", Json::array()}}}})["result"]
        .size();
  };
  CHECK(actions(11) > 0);
  CHECK(actions(12) == actions(11));
  CHECK(actions(1'000'000) == actions(11));
}

TEST_CASE("a file that can no longer be read has nothing wrong any more") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  pull_workspace(session, 2, {{"file:///w/Dockerfile", "1"}});
  session.found({"/w/Dockerfile", "/w/x.Dockerfile"});
  TestSession::answer_first(session.reads, std::optional<FileOnDisk>());
  session.read("FROM a:1\n");
  CHECK(reports(session.settle()) ==
        Texts{"full file:///w/x.Dockerfile 1", "full file:///w/Dockerfile -"});
}

TEST_CASE("a workspace without anything to check is told of once") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w", true);
  pull_workspace(session, 1, Json::object());
  session.found({});
  CHECK(reports(session.settle()) == Texts{"nothing"});
  pull_workspace(session, 2, Json::object());
  session.found({});
  CHECK(session.settle().empty());
  watched(session, "file:///w/Dockerfile", 1);
  session.found({"/w/Dockerfile"});
  session.read("FROM a:1\n");
  CHECK(reports(session.settle()) == Texts{"full file:///w/Dockerfile 1"});
  // Who does not watch files would wait for ever.
  TestSession blind(only({&annotated}));
  with_folder(blind, "file:///w", false);
  for (int id = 1; id <= 2; ++id) {
    const int before = blind.forgotten;
    pull_workspace(blind, id, Json::object());
    CHECK(blind.forgotten == before + 1);
    blind.found({});
    CHECK(reports(blind.settle()) == Texts{"nothing"});
  }
}

TEST_CASE("clients that are older, or spell a capability their own way, are understood") {
  TestSession session(only({&teller}));
  session.request("initialize", {{"processId", nullptr},
                                 {"rootPath", "/w/a b"},
                                 {"rootUri", nullptr},
                                 {"workspaceFolders", nullptr},
                                 {"capabilities",
                                  {{"workspace", {{"diagnostic", {{"refreshSupport", true}}}}}}}});
  pull_workspace(session, 7, Json::object());
  CHECK(session.searches.front().first == Texts{"/w/a b"});
  session.open(uri, "FROM a:1\n");
  session.request("textDocument/diagnostic", identifier(uri));
  CHECK(methods(session.notify("workspace/didChangeConfiguration",
                               {{"settings", {{"bulkhead", {{"trustedRegistries", {"b"}}}}}}})) ==
        Texts{"workspace/diagnostic/refresh"});
}

TEST_CASE("folders are told in more than one way") {
  TestSession session(only({&annotated}));
  with_folder(session, "file:///w//b/./", true);
  pull_workspace(session, 1, Json::object());
  session.found({"/w/b/Dockerfile"});
  session.read("FROM a:1\n");
  CHECK(reports(session.settle()) == Texts{"full file:///w/b/Dockerfile 1"});
  session.notify("workspace/didChangeWorkspaceFolders",
                 {{"event",
                   {{"added", Json::array()},
                    {"removed", {{{"uri", "file://localhost/w/b"}, {"name", "b"}}}}}}});
  pull_workspace(session, 2, Json::object());
  CHECK(session.searches.front().first.empty());
}

TEST_CASE("what is around a Dockerfile is looked at again when it names something else") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\nCOPY a /\nRUN b\n");
  answer_scan(session, 1);
  session.settle();
  const auto type = [&](int version, int line, const std::string& text) {
    Json params = change(uri, version, text);
    const Json place = {{"line", line}, {"character", 5}};
    params["contentChanges"][0]["range"] = {{"start", place}, {"end", place}};
    return published(session.notify("textDocument/didChange", params));
  };
  CHECK(type(2, 2, "x") == Texts{"1 files"});
  CHECK(session.scans.empty());
  CHECK(type(3, 1, "x") == Texts{"1 files"});
  REQUIRE(session.scans.size() == 1);
  answer_scan(session, 1);
  CHECK(session.settle().empty());  // nothing has changed
  type(4, 1, "x");
  answer_scan(session, 2);
  CHECK(published(session.settle()) == Texts{"2 files"});
  type(5, 1, "\n");  // parts it in two
  CHECK(session.scans.size() == 1);
  answer_scan(session, 2);
  session.notify("textDocument/didChange", change(uri, 6, "FROM a:1\nCOPY b /\n"));
  CHECK(session.scans.size() == 1);
}

TEST_CASE("while it is not known which folder is the context, each above it may tell") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  session.scanned();
  session.settle();
  watched(session, "file:///home/you/package.json", 1);
  CHECK(session.scans.empty());
  watched(session, "file:///home/me/package.json", 1);
  CHECK(session.scans.size() == 1);
}

TEST_CASE("what lies above the context, or in one that a service names, concerns a Dockerfile") {
  TestSession session(only({&probe}));
  session.initialize(Json::object());
  session.open("file:///w/a/Dockerfile", "FROM a:1\n");
  const BuildingService service{
      .file = "../compose.yaml", .name = "a", .target = {}, .ports = {}, .context = "../ctx"};
  session.scanned({.build = BuildContext(), .built_by = {service}});
  session.settle();
  const auto concerns = [&](const std::string& path) {
    watched(session, "file:///" + path, 1);
    if (session.scans.empty()) return false;
    session.scanned({.build = BuildContext(), .built_by = {service}});
    return true;
  };
  CHECK(concerns("w/a/deep/x.py"));
  CHECK(concerns("w/.gitignore"));
  CHECK(concerns("w/.bulkhead.yaml"));
  CHECK(concerns("w/lib.py"));
  CHECK(concerns("w/ctx/.env"));
  CHECK_FALSE(concerns("w/ctx/node_modules/a/b.js"));
  CHECK_FALSE(concerns("w/a/.git/index"));
  CHECK_FALSE(concerns("w/b/x.py"));
}

TEST_CASE("what is typed beside a file may be what its context hangs on") {
  TestSession session(only({&services}));
  session.initialize(Json::object());
  const std::string dockerfile = "file:///w/a/Dockerfile";
  session.open(dockerfile, "FROM a:1\n");
  session.scanned();
  session.asked.clear();
  session.open("file:///w/compose.yaml", "services:\n  a:\n    build: a\n");
  CHECK(session.asked ==
        Texts{"scan /w/a/Dockerfile beside /w/compose.yaml", "scan /w/compose.yaml"});
  session.open("file:///w/a/.dockerignore", "*.md\n");
  while (!session.scans.empty()) session.scanned();
  session.asked.clear();
  session.notify("textDocument/didChange", change(dockerfile, 2, "FROM a:1\nCOPY . .\n"));
  CHECK(session.asked ==
        Texts{"scan /w/a/Dockerfile beside /w/a/.dockerignore beside /w/compose.yaml",
              "scan /w/a/.dockerignore beside /w/a/Dockerfile beside /w/compose.yaml"});
}

TEST_CASE("what a project has set counts for its files, and is told of where it does not") {
  TestSession session(only({&teller}));
  session.initialize(Json::object());
  session.open(uri, "FROM a:1\n");
  session.scanned();
  session.settle();
  const auto set = [&](Settings settings) {
    watched(session, "file:///home/me/.bulkhead.yaml", 2);
    session.scanned({.settings = std::move(settings)});
    return session.settle();
  };
  CHECK(published(set({.trusted_registries = {"a", "b"}})) == Texts{"a;b;"});
  CHECK(methods(set({.trusted_registries = {"a", "b"}})).empty());
  CHECK(published(set({.excluded = true})) == Texts{"nothing found"});
  const auto sent = set({.config = {.severities = {{&teller, Severity::hint}}}});
  CHECK(published(sent) == Texts{"none"});
  CHECK(sent[0]["params"]["diagnostics"][0]["severity"] == 4);
  CHECK(methods(set({.problems = {"x", "y"}})) ==
        Texts{"window/showMessage", "window/showMessage", "textDocument/publishDiagnostics"});
  CHECK(methods(set({.fail_level = FailLevel(), .problems = {"x"}})).empty());
  // What the user has set in the editor counts instead.
  session.notify("workspace/didChangeConfiguration",
                 {{"settings", {{"bulkhead", {{"trustedRegistries", {"c"}}}}}}});
  CHECK(methods(set({.trusted_registries = {"a"}})).empty());
}

TEST_CASE("rules that a project ignores find nothing, and mend nothing") {
  TestSession session;
  session.initialize(Json::object());
  const auto found = [](const std::vector<Json>& sent) {
    std::set<std::string> rules;
    for (const Json& diagnostic : sent.back()["params"]["diagnostics"])
      rules.insert(diagnostic["code"]);
    return rules;
  };
  const auto rules = found(session.open(uri, "FROM a\nADD a b\n"));
  REQUIRE_FALSE(rules.empty());
  Settings settings;
  for (const std::string& id : rules) settings.config.ignore.push_back(find_rule(id));
  session.scanned({.settings = settings});
  CHECK(found(session.settle()).empty());
  CHECK(actions_at_start(session).empty());
}

TEST_CASE("files are watched only where the client can be asked to") {
  TestSession session;
  session.initialize({{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}}}});
  const auto sent = session.notify("initialized", Json::object());
  REQUIRE(methods(sent) == Texts{"client/registerCapability"});
  CHECK(sent[0]["params"]["registrations"][0]["method"] == "workspace/didChangeWatchedFiles");
  TestSession plain;
  plain.initialize(Json::object());
  CHECK(plain.notify("initialized", Json::object()).empty());
}

TEST_CASE(
    "a client that pulls is asked to do so again when the build context changes what is found") {
  TestSession session(only({&probe}));
  session.initialize({{"workspace", {{"diagnostics", {{"refreshSupport", true}}}}}});
  session.open(uri, "FROM a:1\n");
  CHECK(session.request("textDocument/diagnostic", identifier(uri))["result"]["items"].empty());
  answer_scan(session, 3);
  CHECK(methods(session.settle()) == Texts{"workspace/diagnostic/refresh"});
  CHECK(session.request("textDocument/diagnostic",
                        identifier(uri))["result"]["items"][0]["message"] == "3 files");
  session.notify("textDocument/didSave", identifier(uri));
  answer_scan(session, 3);
  CHECK(session.settle().empty());
}

TEST_CASE("a client that pulls is asked to do so again though somebody else has looked meanwhile") {
  TestSession session(only({&probe}));
  session.initialize({{"workspace", {{"diagnostics", {{"refreshSupport", true}}}}}});
  session.open(uri, "FROM a:1\n");
  session.request("textDocument/diagnostic", identifier(uri));
  answer_scan(session, 3);
  session.server.receive(Json{
      {"jsonrpc", "2.0"},
      {"id", 9},
      {"method", "textDocument/codeAction"},
      {"params",
       {{"textDocument", {{"uri", uri}}},
        {"range",
         {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 0}, {"character", 0}}}}},
        {"context", {{"diagnostics", Json::array()}}}}}}
                             .dump());
  CHECK(methods(session.settle()) == Texts{"answer", "workspace/diagnostic/refresh"});
}

TEST_CASE("a fix that creates a file is offered to clients that can") {
  TestSession session(only({&probe}));
  session.initialize(
      {{"workspace",
        {{"workspaceEdit", {{"documentChanges", true}, {"resourceOperations", {"create"}}}}}}});
  session.open(uri, "FROM a:1\n");
  answer_scan(session, 1);
  const Json actions = actions_at_start(session);
  CHECK(titles(actions) == Texts{"Create a file", "Take the keyword away (unsafe)",
                                 "Ignore probe here", "Apply all safe fixes of bulkhead"});
  const std::string created = "file:///home/me/my%20app/a%20b.txt";
  CHECK(actions[0]["isPreferred"] == true);
  CHECK(actions[0]["edit"]["documentChanges"] ==
        Json::parse(R"([{"kind": "create", "uri": ")" + created + R"("},
                        {"textDocument": {"uri": ")" +
                    created + R"(", "version": null},
                         "edits": [{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
                                    "newText": "text\n"}]}])"));
  // Equal edits are one; this fix is not preferred, for it is neither the first nor safe.
  CHECK_FALSE(actions[1].contains("isPreferred"));
  CHECK(actions[1]["edit"]["documentChanges"][0]["edits"].size() == 1);
}

TEST_CASE("a fix that creates a file is not offered to clients that cannot") {
  TestSession session(only({&probe}));
  session.initialize({{"workspace", {{"workspaceEdit", {{"documentChanges", true}}}}}});
  session.open(uri, "FROM a:1\n");
  answer_scan(session, 1);
  CHECK(titles(actions_at_start(session)) ==
        Texts{"Take the keyword away (unsafe)", "Ignore probe here"});
}

TEST_CASE("a rule that throws is named in the log once, and the others are heard") {
  TestSession session(only({&broken, &annotated}));
  session.initialize(Json::object());
  const auto sent = session.open(uri, "FROM a:1\n");
  REQUIRE(methods(sent) == Texts{"window/logMessage", "textDocument/publishDiagnostics"});
  CHECK(sent[0]["params"]["message"] == "broken failed; its findings are missing");
  CHECK(published(sent) == Texts{"here"});
  CHECK(methods(session.notify("textDocument/didChange", change(uri, 2, "FROM b:2\n"))) ==
        Texts{"textDocument/publishDiagnostics"});
}

TEST_CASE("what a rule that throws would have found is there as soon as it does not") {
  mended = false;
  TestSession session(only({&moody, &moody_of_each}));
  session.initialize(Json::object());
  CHECK(published(session.open(uri, "FROM a:1\nUSER b\nFROM c:1\n")) == Texts{"nothing found"});
  mended = true;
  // Also in what the edit does not touch.
  CHECK(published(session.notify("textDocument/didChange",
                                 change(uri, 2, "FROM a:1\nUSER b\nFROM d:1\n"))) ==
        Texts{"mended", "seen", "seen", "seen"});
}

TEST_CASE("what there was no time for is looked at as soon as there is") {
  mended = true;
  bool in_time = false;
  TestSession session(only({&moody_of_each}));
  session.out_of_time = [&] { return !in_time; };
  session.initialize(Json::object());
  CHECK(published(session.open(uri, "FROM a:1\nUSER b\nFROM c:1\n")) == Texts{"nothing found"});
  in_time = true;
  CHECK(published(session.notify("textDocument/didChange",
                                 change(uri, 2, "FROM a:1\nUSER b\nFROM d:1\n"))) ==
        Texts{"seen", "seen", "seen"});
}

TEST_CASE("where time runs out the user is told once, and what was found until then is shown") {
  int left = 1;
  TestSession session(only({&annotated, &probe, &teller}));
  session.out_of_time = [&] { return left-- <= 0; };
  session.initialize(Json::object());
  const auto sent = session.open(uri, "FROM a:1\n");
  REQUIRE(methods(sent) == Texts{"window/showMessage", "textDocument/publishDiagnostics"});
  CHECK(sent[0]["params"]["message"] ==
        "Dockerfile takes too long to check; 2 rules were left out");
  CHECK(published(sent) == Texts{"here"});
  CHECK(methods(session.notify("textDocument/didChange", change(uri, 2, "FROM b:2\n"))) ==
        Texts{"textDocument/publishDiagnostics"});
}

TEST_CASE("a document beyond the limit is followed, and checked when it is small again") {
  TestSession session(only({&annotated}));
  session.initialize(Json::object());
  const std::string untitled = "untitled:a";
  CHECK(published(session.open(untitled, "FROM a:1\n")) == Texts{"here"});
  const auto grown = session.notify("textDocument/didChange",
                                    change(untitled, 2, "FROM a:1\n" + std::string(17 << 20, '#')));
  REQUIRE(methods(grown) == Texts{"window/showMessage", "textDocument/publishDiagnostics"});
  CHECK(grown[0]["params"] ==
        Json({{"type", 2}, {"message", "a is larger than 16 MiB and is not checked"}}));
  CHECK(published(grown) == Texts{"nothing found"});
  Json shrink = change(untitled, 3, "");
  shrink["contentChanges"][0]["range"] = {{"start", {{"line", 1}, {"character", 3}}},
                                          {"end", {{"line", 2}, {"character", 0}}}};
  const auto small = session.notify("textDocument/didChange", shrink);
  CHECK(methods(small) == Texts{"textDocument/publishDiagnostics"});
  CHECK(published(small) == Texts{"here"});
}

TEST_CASE(
    "a document that can no longer be followed is told of once, and forgotten until it is closed") {
  TestSession session(only({&annotated}));
  session.initialize(Json::object());
  const std::string untitled = "untitled:a";
  session.open(untitled, "FROM a:1\n");
  const std::string much(std::size_t{33} << 20, '#');
  const auto lost = session.notify("textDocument/didChange", change(untitled, 2, much));
  REQUIRE(methods(lost) == Texts{"window/showMessage", "textDocument/publishDiagnostics"});
  CHECK(lost[0]["params"]["message"] ==
        "a has become too large and is no longer checked; close it");
  CHECK(published(lost) == Texts{"nothing found"});
  CHECK(session.notify("textDocument/didChange", change(untitled, 3, much)).empty());
  CHECK(session.notify("textDocument/didSave", identifier(untitled)).empty());
  CHECK(session.notify("textDocument/didClose", identifier(untitled)).empty());
  CHECK(published(session.open(untitled, "FROM a:1\n")) == Texts{"here"});
}

TEST_CASE("what has read a document that can no longer be followed looks at the disk again") {
  TestSession session(only({&ignored}));
  session.initialize(Json::object());
  BuildContext context;
  context.ignore_file = {".dockerignore", "*.md\n"};
  const std::string ignore_file = "file:///home/me/my%20app/.dockerignore";
  session.open(uri, "FROM a:1\n");
  session.scanned({.build = context});
  session.open(ignore_file, "*.txt\n");
  session.scans.clear();
  session.notify("textDocument/didChange",
                 change(ignore_file, 2, std::string(std::size_t{33} << 20, '#')));
  REQUIRE(session.scans.size() == 1);
  session.scanned({.build = context});
  CHECK(published(session.settle()) == Texts{"*.md\n"});
}

TEST_CASE("a diagnostic has what the client can show, and no more") {
  TestSession plain(only({&annotated}));
  plain.initialize(Json::object());
  const Json bare = plain.open(uri, "FROM a:1\n")[0]["params"]["diagnostics"][0];
  CHECK(bare["severity"] == 3);
  for (const char* extra : {"tags", "relatedInformation", "codeDescription"})
    CHECK_FALSE(bare.contains(extra));

  TestSession rich(only({&annotated}));
  rich.initialize({{"textDocument",
                    {{"publishDiagnostics",
                      {{"relatedInformation", true},
                       {"codeDescriptionSupport", true},
                       {"tagSupport", {{"valueSet", {1}}}}}}}}});
  const Json full = rich.open(uri, "FROM a:1\n")[0]["params"]["diagnostics"][0];
  CHECK(full["tags"] == Json{1});
  CHECK(full["codeDescription"]["href"] == documentation_url(annotated));
  CHECK(full["relatedInformation"] ==
        Json::parse(R"([{"location": {"uri": ")" + uri +
                    R"(", "range": {"start": {"line": 0, "character": 5},
                                                                       "end": {"line": 0, "character": 8}}},
                         "message": "there"}])"));
}

TEST_CASE("a thousand documents can be open") {
  TestSession session(only({&annotated}));
  session.initialize(Json::object());
  for (int i = 0; i < 1000; ++i) session.open("untitled:" + std::to_string(i), "FROM a:1\n");
  const auto sent =
      session.notify("textDocument/didChange", change("untitled:500", 2, "FROM b:1\n"));
  REQUIRE(sent.size() == 1);
  CHECK(sent[0]["params"]["uri"] == "untitled:500");
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(published(session.notify("textDocument/didClose",
                                     identifier("untitled:" + std::to_string(i)))) ==
            Texts{"nothing found"});
  }
}

TEST_CASE("the client says which registries are trusted, at first and later") {
  const auto start = [](TestSession& session, const Json& options) {
    session.request("initialize", {{"processId", nullptr},
                                   {"capabilities", Json::object()},
                                   {"initializationOptions", options}});
    return published(session.open(uri, "FROM a\n"));
  };
  using Messages = std::vector<std::string>;
  SECTION("as options") {
    TestSession session(only({&teller}));
    CHECK(start(session, {{"trustedRegistries", {"a.example.com", "*.b"}}}) ==
          Messages{"a.example.com;*.b;"});
  }
  SECTION("options of another form are as none") {
    for (const Json& options : {Json(), Json::array(), Json("x"), Json{{"other", 1}}}) {
      INFO(options.dump());
      TestSession session(only({&teller}));
      CHECK(start(session, options) == Messages{"none"});
    }
  }
  SECTION("who gives the setting another form is told that it does not count") {
    for (const Json& setting :
         {Json("a"), Json{1}, Json{"a", nullptr}, Json{""}, Json{"https://a"}}) {
      INFO(setting.dump());
      TestSession session(only({&teller}));
      session.server.receive(Json{{"jsonrpc", "2.0"},
                                  {"id", 1},
                                  {"method", "initialize"},
                                  {"params",
                                   {{"processId", nullptr},
                                    {"capabilities", Json::object()},
                                    {"initializationOptions", {{"trustedRegistries", setting}}}}}}
                                 .dump());
      CHECK(methods(session.settle()) == Messages{"window/showMessage", "answer"});
      CHECK(published(session.open(uri, "FROM a\n")) == Messages{"none"});
      CHECK(methods(
                session.notify("workspace/didChangeConfiguration",
                               {{"settings", {{"bulkhead", {{"trustedRegistries", setting}}}}}})) ==
            Messages{"window/showMessage"});
    }
  }
  SECTION("as settings") {
    TestSession session(only({&teller}));
    start(session, {{"trustedRegistries", {"a"}}});
    const auto change = [&](const Json& settings) {
      return published(
          session.notify("workspace/didChangeConfiguration", {{"settings", settings}}));
    };
    CHECK(change({{"bulkhead", {{"trustedRegistries", {"b"}}}}}) == Messages{"b;"});
    CHECK(change({{"bulkhead", {{"trustedRegistries", {"b"}}}}}).empty());
    CHECK(change(nullptr).empty());
    CHECK(change({{"bulkhead", nullptr}}).empty());
    CHECK(change({{"bulkhead", {{"path", ""}}}}) == Messages{"a;"});
    CHECK(change({{"bulkhead", {{"trustedRegistries", Json::array()}}}}) == Messages{"none"});
  }
  SECTION("a client that asks by itself is told to ask again") {
    TestSession session(only({&teller}));
    session.initialize({{"workspace", {{"diagnostics", {{"refreshSupport", true}}}}}});
    session.open(uri, "FROM a\n");
    session.request("textDocument/diagnostic", {{"textDocument", {{"uri", uri}}}});
    const auto sent =
        session.notify("workspace/didChangeConfiguration",
                       {{"settings", {{"bulkhead", {{"trustedRegistries", {"b"}}}}}}});
    REQUIRE(sent.size() == 1);
    CHECK(sent[0]["method"] == "workspace/diagnostic/refresh");
  }
}
