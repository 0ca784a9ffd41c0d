// A language server that does nothing: pipes and JSON alone, which no server can do without. It answers
// requests, publishes no diagnostics for what is opened or changed, and never looks at a text.

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

void send(const nlohmann::json& message) {
  const std::string text = message.dump();
  std::cout << "Content-Length: " << text.size() << "\r\n\r\n" << text << std::flush;
}

// One message of a well-behaved client; empty at the end.
std::string receive() {
  std::size_t size = 0;
  for (std::string line; std::getline(std::cin, line) && line != "\r";) {
    if (line.starts_with("Content-Length:")) size = std::stoul(line.substr(15));
  }
  std::string text(size, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(size));
  return std::cin ? text : std::string();
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string text; !(text = receive()).empty();) {
    const auto message = nlohmann::json::parse(text);
    const std::string method = message.value("method", "");
    if (method == "exit") break;
    if (method == "initialize") {
      send({{"jsonrpc", "2.0"},
            {"id", message["id"]},
            {"result", {{"capabilities", {{"textDocumentSync", 2}}}}}});
    } else if (message.contains("id")) {
      send({{"jsonrpc", "2.0"}, {"id", message["id"]}, {"result", nullptr}});
    } else if (method == "textDocument/didOpen" || method == "textDocument/didChange") {
      const auto& document = message["params"]["textDocument"];
      send({{"jsonrpc", "2.0"},
            {"method", "textDocument/publishDiagnostics"},
            {"params",
             {{"uri", document["uri"]},
              {"version", document["version"]},
              {"diagnostics", nlohmann::json::array()}}}});
    }
  }
}
