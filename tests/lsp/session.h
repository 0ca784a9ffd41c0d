#pragma once

// A client and a server in one process: what the client sends is carried out before send() returns.

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "host/recent_scripts.h"
#include "lsp/json.h"
#include "lsp/server.h"

namespace bulkhead::lsp {

struct TestSession {
  explicit TestSession(Config config = {})
      : server({.version = "test",
                .config = std::move(config),
                .send =
                    [this](const std::string& text) {
                      const Json& last = sent.emplace_back(Json::parse(text));
                      const auto is_right = [](const Json& message) {
                        return message.value("jsonrpc", "") == "2.0";
                      };
                      if (!(last.is_array() ? std::ranges::all_of(last, is_right) : is_right(last)))
                        throw std::logic_error("no JSON-RPC 2.0: " + text);
                    },
                .today = [] { return std::chrono::year(2026) / 11 / 23; },
                .scan_context =
                    [this](const std::string& path, const auto&, const host::OpenFiles& open,
                           Server::ContextReceiver receiver) {
                      std::string& line = asked.emplace_back("scan " + path);
                      for (const auto& [other, snapshot] : open)
                        line += " beside " + other.native();
                      scans.emplace_back(path, std::move(receiver));
                    },
                .forget_files = [this] { ++forgotten; },
                .find_files =
                    [this](std::vector<std::string> folders, auto receiver) {
                      std::string& line = asked.emplace_back("search");
                      for (const std::string& folder : folders) line += " " + folder;
                      searches.emplace_back(std::move(folders), std::move(receiver));
                    },
                .read_file =
                    [this](const std::string& path, const host::OpenFiles& open, auto receiver) {
                      std::string& line = asked.emplace_back("read " + path);
                      for (const auto& [other, snapshot] : open)
                        line += " beside " + other.native();
                      reads.emplace_back(path, std::move(receiver));
                    },
                .is_folder =
                    [this](const std::string& path) { return folders_on_disk.contains(path); },
                .run_after = [this](std::chrono::milliseconds,
                                    auto action) { timers.push_back(std::move(action)); },
                .known_scripts = &scripts,
                .watch_process = [this](std::int64_t process) { watched.push_back(process); },
                .time_limit = [this] { return out_of_time; },
                .most_followed = std::size_t{32} << 20}) {}

  // All that the server has sent since the last call.
  std::vector<Json> take() { return std::exchange(sent, {}); }

  std::vector<Json> settle() {
    while (server.step()) {
    }
    return take();
  }

  std::vector<Json> notify(const std::string& method, const Json& params) {
    server.receive(Json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}}.dump());
    return settle();
  }

  // The answer; what else is sent meanwhile is dropped.
  Json request(const std::string& method, const Json& params) {
    server.receive(
        Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}.dump());
    for (const Json& message : settle()) {
      if (message.value("id", Json()) == 1 && !message.contains("method")) return message;
    }
    return nullptr;
  }

  Json initialize(const Json& capabilities) {
    return request("initialize", {{"processId", nullptr}, {"capabilities", capabilities}});
  }

  std::vector<Json> open(const std::string& uri, const std::string& text) {
    return notify("textDocument/didOpen",
                  {{"textDocument",
                    {{"uri", uri}, {"languageId", "dockerfile"}, {"version", 1}, {"text", text}}}});
  }

  // Answers what the server has asked for first.
  void scanned(Context context = {}) { answer_first(scans, std::move(context)); }
  void found(std::vector<std::string> paths, std::set<std::string> problems = {}) {
    answer_first(searches, FoundFiles{std::move(paths), std::move(problems)});
  }
  void read(std::string text, Context context = {}) {
    const std::string path = reads.front().first;
    const std::string name = path.substr(path.rfind('/') + 1);
    answer_first(reads, FileOnDisk{read_snapshot(name, std::move(text)), std::move(context)});
  }

  // Lets all the time pass that the server waits for.
  void pass_time() {
    for (const auto& action : std::exchange(timers, {})) action();
  }

  template <class Asked, class Receiver, class Answer>
  static void answer_first(std::deque<std::pair<Asked, Receiver>>& questions, Answer answer) {
    if (questions.empty()) throw std::runtime_error("the server has asked for nothing");
    const Receiver receiver = std::move(questions.front().second);
    questions.pop_front();
    receiver(std::move(answer));
  }

  std::vector<Json> sent;
  std::vector<std::string> asked;  // of the world: what, and where
  // What was asked for and not yet answered.
  std::deque<std::pair<std::string, Server::ContextReceiver>> scans;
  std::deque<std::pair<std::vector<std::string>, std::function<void(FoundFiles)>>> searches;
  std::deque<std::pair<std::string, std::function<void(std::optional<FileOnDisk>)>>> reads;
  std::vector<std::function<void()>> timers;
  std::set<std::string> folders_on_disk;
  OutOfTime out_of_time;
  int forgotten = 0;  // how often the server let go of what it knows of the disk
  std::vector<std::int64_t> watched;
  struct : host::RecentScripts {
    std::shared_ptr<const shell::Script> find(const std::string& key) override {
      auto script = RecentScripts::find(key);
      if (script) ++found;
      return script;
    }
    int found = 0;
  } scripts;
  Server server;
};

}  // namespace bulkhead::lsp
