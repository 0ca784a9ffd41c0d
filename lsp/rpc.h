#pragma once

// JSON-RPC 2.0: text in, a function that takes the answers out. Knows nothing of pipes or of what
// the methods mean. Messages wait in a queue until run_next(), so that a cancellation can overtake
// the request it is meant for.

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "lsp/codec.h"
#include "lsp/json.h"

namespace bulkhead::lsp {

enum class ErrorCode {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  server_not_initialized = -32002,
  request_cancelled = -32800,
};

// What a handler throws to answer a request with an error.
struct ResponseError : std::runtime_error {
  ResponseError(ErrorCode which, const std::string& message)
      : runtime_error(message), code(which) {}
  ErrorCode code;
};

class Dispatcher {
 public:
  struct Hooks {
    std::function<void(std::string)> send;  // takes one message
    // Why `method` must not be called now, if so: requests are answered with it, notifications
    // dropped.
    std::function<std::optional<ResponseError>(std::string_view method)> refusal;
    // Told what went wrong where no answer can say so.
    std::function<void(const std::string&)> complain;
  };
  explicit Dispatcher(Hooks hooks) : hooks_(std::move(hooks)) {}

  // `handler` is called with the parameters of each request `method`, and its result is the answer.
  template <class Owner, class Params, class Result>
  void on_request(std::string method, Owner* owner, Result (Owner::*handler)(const Params&)) {
    requests_[std::move(method)] = [=](const Json&, const Json& json) -> std::optional<JsonText> {
      return encode((owner->*handler)(params<Params>(json)));
    };
  }
  // The same, but where the handler has no result the answer is given later, to the id that it is told: by
  // answer() or fail(). (In a batch, which the Language Server Protocol does not know, it then stands alone.)
  template <class Owner, class Params, class Result>
  void on_long_request(std::string method, Owner* owner,
                       std::optional<Result> (Owner::*handler)(const Params&, const Json& id)) {
    requests_[std::move(method)] = [=, this](const Json& id,
                                             const Json& json) -> std::optional<JsonText> {
      const Params decoded = params<Params>(json);
      unanswered_.insert(id.dump());
      const std::optional<Result> result = (owner->*handler)(decoded, id);
      if (!result) return std::nullopt;
      unanswered_.erase(id.dump());
      return encode(*result);
    };
  }
  template <class Owner, class Params>
  void on_notification(std::string method, Owner* owner, void (Owner::*handler)(const Params&)) {
    notifications_[std::move(method)] = [=](const Json& json) {
      (owner->*handler)(params<Params>(json));
    };
  }

  // Takes one message, or a batch, which waits for its turn.
  void receive(std::string_view text);
  // Carries out what has waited longest; false if nothing waits.
  bool run_next();
  // What waits, in bytes, and what one message adds to it: an empty one takes room as well.
  std::size_t waiting_bytes() const { return waiting_bytes_; }
  static constexpr std::size_t cost(std::string_view text) { return text.size() + 256; }

  // Diagnostics are long, and are sent for each key: they are written where they are sent from.
  template <class Params>
  void notify(std::string_view method, const Params& params) {
    std::string message = R"({"jsonrpc":"2.0","method":")";
    message.append(method).append(R"(","params":)");
    write(message, params);
    hooks_.send(std::move(message += '}'));
  }
  // Asks the client; its answer is not looked at.
  void request(std::string_view method, const std::optional<JsonText>& params = std::nullopt);
  // Answers, in its turn, what cannot be understood, so that nobody can say what it asked.
  void refuse(ErrorCode code, std::string_view why);

  // Of a long request: whether it still wants an answer, for it may have been cancelled; the answer.
  bool is_unanswered(const Json& id) const { return unanswered_.contains(id.dump()); }
  void answer(const Json& id, const JsonText& result);
  void fail(const Json& id, ErrorCode code, std::string_view why);

 private:
  struct Waiting {
    std::size_t bytes = 0;
    Json message;
    std::optional<std::string> answer = std::nullopt;  // to what was no message
  };

  template <class Params>
  static Params params(const Json& json) {
    Params params{};
    try {
      decode(json, params);
    } catch (const DecodeError& error) {
      throw ResponseError(ErrorCode::invalid_params, error.what());
    }
    return params;
  }

  void wait(Waiting waiting);
  void note_arrival(const Json& message);
  std::optional<std::string> run(const Json& message);
  std::optional<std::string> run_batch(const Json& batch);
  std::optional<std::string> run_request(const Json& id, const std::string& method,
                                         const Json& params);
  void run_notification(const std::string& method, const Json& params);
  bool take_cancellation(const std::string& id);

  Hooks hooks_;
  std::unordered_map<std::string,
                     std::function<std::optional<JsonText>(const Json& id, const Json& params)>>
      requests_;
  std::unordered_map<std::string, std::function<void(const Json&)>> notifications_;
  std::deque<Waiting> queue_;
  std::size_t waiting_bytes_ = 0;
  // Ids, as JSON text, of requests in the queue, of those among them that need no answer any more,
  // and of long ones that were begun.
  std::unordered_multiset<std::string> waiting_;
  std::unordered_set<std::string> cancelled_;
  std::unordered_set<std::string> unanswered_;
  int next_id_ = 1;
};

}  // namespace bulkhead::lsp
