#include "lsp/rpc.h"

#include <fmt/format.h>

#include <exception>
#include <string>
#include <vector>

namespace bulkhead::lsp {
namespace {

const Json no_params = Json::object();
constexpr const char* cancelled = "cancelled";

const Json& member(const Json& object, const char* name) {
  static const Json absent;
  const auto at = object.find(name);
  return at == object.end() ? absent : *at;
}

const Json& params_of(const Json& message) {
  const Json& params = member(message, "params");
  return params.is_null() ? no_params : params;
}

bool is_id(const Json& id) {
  return id.is_string() || id.is_number() || id.is_null();
}

bool is_response(const Json& message) {
  return !message.contains("method") && (message.contains("result") || message.contains("error"));
}

bool is_call(const Json& message) {
  return message.is_object() && member(message, "jsonrpc") == "2.0" &&
         member(message, "method").is_string() && is_id(member(message, "id"));
}

// A request wants an answer, a notification does not.
bool is_request(const Json& message) {
  return is_call(message) && message.contains("id");
}

std::string response(const Json& id, std::string_view member, const JsonText& value) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"{}":{}}})", to_text(id).text, member,
                     value.text);
}

std::string result_response(const Json& id, const JsonText& result) {
  return response(id, "result", result);
}

std::string error_response(const Json& id, ErrorCode code, std::string_view message) {
  return response(id, "error", to_text({{"code", static_cast<int>(code)}, {"message", message}}));
}

}  // namespace

void Dispatcher::receive(std::string_view text) {
  try {
    Json message = parse_json(text);
    // Each may have an answer that is larger than itself.
    constexpr std::size_t most = 10'000;
    if (message.is_array() && message.size() > most)
      return refuse(ErrorCode::invalid_request, "batch of more than 10,000 messages");
    if (message.is_array()) {
      for (const Json& item : message) note_arrival(item);
    } else {
      note_arrival(message);
    }
    wait({cost(text), std::move(message)});
  } catch (const JsonError& error) {
    wait({cost(text), {}, error_response(nullptr, ErrorCode::parse_error, error.what())});
  }
}

void Dispatcher::refuse(ErrorCode code, std::string_view why) {
  wait({cost(why), {}, error_response(nullptr, code, why)});
}

void Dispatcher::wait(Waiting waiting) {
  waiting_bytes_ += waiting.bytes;
  queue_.push_back(std::move(waiting));
}

void Dispatcher::note_arrival(const Json& message) {
  if (is_request(message)) {
    waiting_.insert(message["id"].dump());
  } else if (is_call(message) && message["method"] == "$/cancelRequest" &&
             params_of(message).is_object()) {
    const Json& id = member(params_of(message), "id");
    if (waiting_.contains(id.dump())) {
      cancelled_.insert(id.dump());
    } else {
      fail(id, ErrorCode::request_cancelled, cancelled);
    }
  }
}

bool Dispatcher::take_cancellation(const std::string& id) {
  waiting_.erase(waiting_.find(id));
  return cancelled_.erase(id) > 0;
}

bool Dispatcher::run_next() {
  if (queue_.empty()) return false;
  const Waiting next = std::move(queue_.front());
  queue_.pop_front();
  waiting_bytes_ -= next.bytes;
  const bool batch = next.message.is_array() && !next.message.empty();
  const auto answer = next.answer ? next.answer
                      : batch     ? run_batch(next.message)
                                  : run(next.message);
  if (answer) hooks_.send(*answer);
  return true;
}

// The answers of those that want one, in their order; none where none does.
std::optional<std::string> Dispatcher::run_batch(const Json& batch) {
  std::vector<std::string> answers;
  for (const Json& message : batch) {
    if (auto answer = run(message)) answers.push_back(std::move(*answer));
  }
  if (answers.empty()) return std::nullopt;
  return fmt::format("[{}]", fmt::join(answers, ","));
}

std::optional<std::string> Dispatcher::run(const Json& message) {
  if (message.is_object() && is_response(message)) return std::nullopt;
  if (!is_call(message)) {
    const Json& id = message.is_object() ? member(message, "id") : member(no_params, "id");
    return error_response(is_id(id) ? id : Json(), ErrorCode::invalid_request,
                          "not a JSON-RPC 2.0 request");
  }
  const std::string method = message["method"];
  if (is_request(message)) return run_request(message["id"], method, params_of(message));
  run_notification(method, params_of(message));
  return std::nullopt;
}

// Whatever happens, the answer is one, and the next request is served.
std::optional<std::string> Dispatcher::run_request(const Json& id, const std::string& method,
                                                   const Json& params) {
  try {
    if (take_cancellation(id.dump())) throw ResponseError(ErrorCode::request_cancelled, cancelled);
    if (const auto refusal = hooks_.refusal(method)) throw *refusal;
    const auto handler = requests_.find(method);
    if (handler == requests_.end())
      throw ResponseError(ErrorCode::method_not_found, "unknown method " + method);
    const auto result = handler->second(id, params);
    return result ? std::optional(result_response(id, *result)) : std::nullopt;
  } catch (const ResponseError& error) {
    unanswered_.erase(id.dump());
    return error_response(id, error.code, error.what());
  } catch (const std::exception& error) {
    unanswered_.erase(id.dump());
    return error_response(id, ErrorCode::internal_error, method + ": " + error.what());
  }
}

void Dispatcher::run_notification(const std::string& method, const Json& params) {
  try {
    if (hooks_.refusal(method)) return;
    const auto handler = notifications_.find(method);
    if (handler != notifications_.end()) handler->second(params);
  } catch (const std::exception& error) {
    hooks_.complain(method + ": " + error.what());
  }
}

void Dispatcher::request(std::string_view method, const std::optional<JsonText>& params) {
  hooks_.send(fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}"{}{}}})", next_id_++, method,
                          params ? ",\"params\":" : "", params ? params->text : ""));
}

void Dispatcher::answer(const Json& id, const JsonText& result) {
  if (unanswered_.erase(id.dump()) > 0) hooks_.send(result_response(id, result));
}

void Dispatcher::fail(const Json& id, ErrorCode code, std::string_view why) {
  if (unanswered_.erase(id.dump()) > 0) hooks_.send(error_response(id, code, why));
}

}  // namespace bulkhead::lsp
