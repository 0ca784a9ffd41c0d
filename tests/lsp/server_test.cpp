// What a transcript cannot show: rules made for the test, the build context's comings and goings, and
// what the server asks of the process around it.

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

// Tells what the ignore file says.
void tell_ignored(const Document&, Report& report) {
  const auto& build = report.context().build;
  if (build && build->ignore_file) report.at(Span{0, 4}, build->ignore_file->text);
}
constinit const Rule ignored{.id = "ignored", .checks = each<tell_ignored>};

// Tells what it knows of registries.
void tell_registries(const Document&, Report& report) {
  std::string all;
  for (const std::string& glob : report.context().trusted_registries) all += glob + ";";
  report.at(Span{0, 4}, all.empty() ? "none" : all);
}
constinit const Rule teller{.id = "teller", .checks = each<tell_registries>};

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
  answer_scan(session, 1);  // out of date: the file was saved since
  CHECK(session.settle().empty());
  REQUIRE(session.scans.size() == 1);
  answer_scan(session, 2);
  CHECK(published(session.settle()) == Texts{"2 files"});
  CHECK(session.scans.empty());
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
  session.notify("workspace/didChangeWatchedFiles",
                 {{"changes", {{{"uri", "file:///home/me/foo.txt"}, {"type", 1}}}}});
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
  TestSession::answer_first(session.scans, Context{.build = context});
  CHECK(published(session.settle()) == Texts{"*.md\n"});
  // As it stands in the editor.
  CHECK(published(session.open(ignore_file, "*.txt\n")) == Texts{"nothing found", "*.txt\n"});
  session.scans.clear();
  session.notify("textDocument/didClose", identifier(ignore_file));
  REQUIRE(session.scans.size() == 1);
  TestSession::answer_first(session.scans, Context{.build = context});
  CHECK(published(session.settle()) == Texts{"*.md\n"});
  const auto changed = [&](const std::string& other) {
    session.notify("workspace/didChangeWatchedFiles",
                   {{"changes", {{{"uri", other}, {"type", 1}}}}});
    const bool asks = !session.scans.empty();
    while (!session.scans.empty())
      TestSession::answer_first(session.scans, Context{.build = context});
    return asks;
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
  TestSession::answer_first(session.scans, Context{.build = BuildContext{.root = "../"}});
  session.settle();
  CHECK(published(session.open("file:///home/me/.dockerignore", "*.txt\n")) ==
        Texts{"nothing found", "*.txt\n"});
  // The one for this Dockerfile alone wins.
  CHECK(published(session.open("file:///home/me/my%20app/Dockerfile.dockerignore", "*.md\n")) ==
        Texts{"*.md\n", "nothing found"});
  CHECK(published(session.open("file:///home/me/other/.dockerignore", "x\n")) ==
        Texts{"nothing found"});
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
    for (const Json& options : {Json(), Json::array(), Json("x"), Json{{"trustedRegistries", "a"}},
                                Json{{"trustedRegistries", {1}}}, Json{{"other", 1}}}) {
      INFO(options.dump());
      TestSession session(only({&teller}));
      CHECK(start(session, options) == Messages{"none"});
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
    CHECK(change({{"bulkhead", {{"path", ""}}}}).empty());
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
