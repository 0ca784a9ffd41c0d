#include "analysis/rules/root_servers.h"

#include "analysis/facts/image_purposes.h"
#include "analysis/facts/servers.h"
#include "analysis/model/accounts.h"
#include "analysis/model/paths.h"
#include "analysis/model/process.h"

namespace bulkhead::rules {
namespace {

bool is_for_root(const facts::Server* server) {
  return server != nullptr && !(server->root_for.empty() && server->advice.empty());
}

}  // namespace

std::optional<RootServer> root_server(const Stage& stage) {
  const auto base = base_of(stage);
  const std::string image = base ? base->name : "";
  const std::string tag = base ? base->tag : "";
  const Process process = process_of(stage);
  for (const auto& start : {process.entrypoint, process.command}) {
    if (!start) continue;
    for (const Command& command : start->commands()) {
      const std::size_t at = command.unwrapped().program;
      if (at >= command.data().words.size()) continue;
      const std::string program = command.word(at).value().text;
      const facts::Server* server = facts::server(program, image, tag);
      if (is_for_root(server))
        return RootServer{std::string(file_name(program)), server->root_for, server->advice};
    }
  }
  const facts::Server* server = facts::server_of_image(image, tag);
  if (!is_for_root(server)) return std::nullopt;
  return RootServer{std::string(server->program), server->root_for, server->advice};
}

bool is_given_user(const Stage& stage) {
  const auto base = base_of(stage);
  return base && facts::is_given_user(base->name);
}

}  // namespace bulkhead::rules
