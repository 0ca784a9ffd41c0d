#include "lsp/stdio.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

#include <utility>  // Boost 1.74's Asio needs it and, under GCC 12, does not get it by itself

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/engine.h"
#include "host/context.h"
#include "host/discover.h"
#include "host/file.h"
#include "host/recent_scripts.h"
#include "host/snapshot.h"
#include "lsp/framing.h"
#include "lsp/server.h"

namespace bulkhead::lsp {
namespace {

namespace asio = boost::asio;

constexpr std::size_t read_size = std::size_t{64} << 10;
// Of messages that wait, in bytes. A client that sends faster than it is served has to wait then.
constexpr std::size_t max_waiting = std::size_t{16} << 20;
constexpr std::chrono::milliseconds process_poll = std::chrono::seconds(3);
constexpr std::chrono::seconds time_for_analysis{10};
using Clock = std::chrono::steady_clock;
// Between scans, in terms of how long the last one took, and at most.
constexpr int pause_factor = 4;
constexpr std::chrono::seconds longest_pause{4};

// Tells, for good, that the process is to end. A pipe, because a signal's handler can do little else than write to
// one, and because poll() can wait for it beside other things.
class Stop {
 public:
  Stop() {
    if (::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe");
    signal_end_ = ends_[1];
    std::signal(SIGTERM, on_signal);
    std::signal(SIGINT, on_signal);
  }
  ~Stop() {
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    signal_end_ = -1;
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  // Can be read from once it is requested.
  int descriptor() const { return ends_[0]; }

 private:
  static void on_signal(int) {
    const int saved = errno;
    [[maybe_unused]] const auto written = ::write(signal_end_, "", 1);
    errno = saved;
  }

  int ends_[2] = {-1, -1};
  static inline volatile std::sig_atomic_t signal_end_ = -1;
};

// Makes writing to `descriptor` take what goes in, so that nothing waits there where a signal is not seen. Others
// may have it open as well: it is left as it was.
class NonBlocking {
 public:
  explicit NonBlocking(int descriptor)
      : descriptor_(descriptor), flags_(::fcntl(descriptor, F_GETFL)) {
    if (flags_ >= 0) ::fcntl(descriptor_, F_SETFL, flags_ | O_NONBLOCK);
  }
  ~NonBlocking() {
    if (flags_ >= 0) ::fcntl(descriptor_, F_SETFL, flags_);
  }
  NonBlocking(const NonBlocking&) = delete;
  NonBlocking& operator=(const NonBlocking&) = delete;

 private:
  int descriptor_;
  int flags_;
};

// Makes room in a pipe for the diagnostics of thousands of lines: they are then written at once, and not in turn with
// the client that reads them. Where the system has no such thing, or it is no pipe, nothing changes.
void widen(int descriptor) {
#ifdef F_SETPIPE_SZ
  constexpr int size = 1 << 20;  // what Linux lets everybody have
  ::fcntl(descriptor, F_SETPIPE_SZ, size);
#else
  (void)descriptor;
#endif
}

// For a limit of seconds, which each rule asks for: to a few milliseconds, in a fifth of the time.
std::chrono::nanoseconds coarse_time() {
#ifdef CLOCK_MONOTONIC_COARSE
  constexpr clockid_t clock = CLOCK_MONOTONIC_COARSE;
#else
  constexpr clockid_t clock = CLOCK_MONOTONIC;
#endif
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

bool is_running(std::int64_t process_id) {
  return ::kill(static_cast<pid_t>(process_id), 0) == 0 || errno != ESRCH;
}

// ---- What is done beside the loop; must not throw.

// A file, what it holds, and those around it that are open as well.
struct ReadFile {
  std::filesystem::path path;
  std::shared_ptr<const Snapshot> snapshot;
  host::OpenFiles open = {};
};

// What cannot be listed is unknown.
Context context_of(host::ContextScanner& scanner, const ReadFile& file) try {
  return scanner.scan(file.path, file.snapshot.get(), file.open);
} catch (const std::exception&) {
  return {};
}

std::optional<FileOnDisk> file_on_disk(host::ContextScanner& scanner, KnownScripts& scripts,
                                       const std::string& path, const host::OpenFiles& open) try {
  const std::string name = std::filesystem::path(path).filename().native();
  const auto snapshot = read_snapshot(name, host::read_file(path), &scripts);
  return FileOnDisk{snapshot, context_of(scanner, {path, snapshot, open})};
} catch (const std::exception&) {
  return std::nullopt;
}

FoundFiles files_in(const std::vector<std::string>& folders, const std::atomic<bool>& stopping) {
  FoundFiles found;
  for (const std::string& folder : folders) {
    try {
      const auto [files, problems] = host::discover(folder, [&] { return stopping.load(); });
      for (const auto& file : files) found.paths.push_back(file.native());
      found.problems.insert(problems.begin(), problems.end());
    } catch (const std::exception& error) {
      // What cannot be searched has no files, as far as anybody can tell.
      found.problems.insert(error.what());
    }
  }
  return found;
}

// Looks at a Dockerfile of all sorts, so that the first one of the user finds code and tables in memory.
void warm_up() try {
  analyse(*host::read_snapshot("Dockerfile",
                               "ARG TAG=1\nFROM example/build:$TAG AS build\nENV A=b\nCOPY . /src\n"
                               "RUN --mount=type=cache,target=/root/.cache cd /src && make\n"
                               "# The image\nFROM debian:13\n"
                               "RUN apt-get update && apt-get install -y curl && useradd -r app\n"
                               "RUN <<EOF\nmkdir -p /data\nchown app /data\nEOF\n"
                               "RUN curl -fsSL https://example.com/install.sh | sh\n"
                               "ADD https://example.com/b.tar.gz /b.tar.gz\n"
                               "COPY --from=build --chown=app /src/a /a\nLABEL a=b\nEXPOSE 80\n"
                               "HEALTHCHECK CMD curl -f http://localhost/\n"
                               "USER app\nENTRYPOINT [\"/a\"]\n"),
          {}, {.today = host::today()});
} catch (const std::exception&) {
  // Then it is as it would be without.
}

bool is_ready(int descriptor) {
  pollfd polled{descriptor, POLLIN, 0};
  return ::poll(&polled, 1, 0) > 0;
}

// A descriptor of its own for what another one is open on. Throws std::system_error.
int duplicate(int descriptor) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw std::system_error(errno, std::generic_category(), "dup");
  return copy;
}

// One loop, on the main thread, owns everything; what is slow runs beside it and posts its result.
class StdioServer {
 public:
  explicit StdioServer(const Options& options)
      : server_(
            {.version = options.version,
             .send = [this](const std::string& message) { write(message); },
             .today = host::today,
             .scan_context =
                 [this](const std::string& path, std::shared_ptr<const Snapshot> snapshot,
                        host::OpenFiles open, Server::ContextReceiver receiver) {
                   scan_context({path, std::move(snapshot), std::move(open)}, std::move(receiver));
                 },
             .forget_files = [this] { scanner_ = std::make_shared<host::ContextScanner>(); },
             .find_files =
                 [this](std::vector<std::string> folders, auto receiver) {
                   with_pauses(
                       next_search_,
                       [this, folders = std::move(folders)] {
                         return [this, folders] { return files_in(folders, stopping_); };
                       },
                       std::move(receiver));
                 },
             .read_file =
                 [this](const std::string& path, host::OpenFiles open, auto receiver) {
                   beside(
                       [this, path, open = std::move(open), scanner = scanner_] {
                         return file_on_disk(*scanner, scripts_, path, open);
                       },
                       std::move(receiver));
                 },
             .is_folder =
                 [](const std::string& path) {
                   std::error_code unknown;
                   return std::filesystem::is_directory(path, unknown);
                 },
             .run_after =
                 [this](std::chrono::milliseconds time, std::function<void()> action) {
                   at(Clock::now() + time, [this, action = std::move(action)] {
                     action();
                     serve();
                   });
                 },
             .known_scripts = &scripts_,
             .watch_process = [this](std::int64_t process_id) { watch_process(process_id); },
             .time_limit =
                 [] {
                   return [end = coarse_time() + time_for_analysis] { return coarse_time() > end; };
                 }}) {
    widen(STDOUT_FILENO);
  }

  int run() {
    asio::post(workers_, warm_up);
    stop_input_.async_wait(Descriptor::wait_read, [this](const auto&) { loop_.stop(); });
    serve();
    const auto work = asio::make_work_guard(loop_);
    while (!loop_.stopped()) {
      try {
        loop_.run();
      } catch (const std::exception& error) {  // no message is worth the life of the process
        std::fprintf(stderr, "bulkhead: %s\n", error.what());
        serve();
      }
    }
    stopping_ = true;
    return failed_ ? 1 : server_.exit_code();
  }

 private:
  using Descriptor = asio::posix::stream_descriptor;

  // Does one thing at a time: what has arrived meanwhile (a cancellation, another edit) is then
  // seen before the next.
  void serve() {
    if (std::exchange(serving_, true)) return;
    asio::post(loop_, [this] {
      serving_ = false;
      take_arrived();
      if (server_.step()) return serve();
      if (server_.exited() || input_ended_) return loop_.stop();
      await_input();
    });
  }

  // What cannot be waited for, as a file, is always ready.
  void await_input() {
    if (std::exchange(awaiting_, true)) return;
    input_.async_wait(Descriptor::wait_read, [this](const auto&) {
      awaiting_ = false;
      serve();
    });
  }

  void take_arrived() {
    while (has_room() && is_ready(STDIN_FILENO)) read();
    while (!arrived_.empty()) {
      const Frame frame = std::move(arrived_.front());
      arrived_.pop_front();
      arrived_bytes_ -= Dispatcher::cost(frame.text);
      take(frame);
    }
  }

  bool has_room() const {
    return !input_ended_ && arrived_bytes_ + server_.waiting_bytes() <= max_waiting;
  }

  // What is there; hands nothing on, for it may be done amid the sending of an answer.
  void read() try {
    const ssize_t size = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (size <= 0) {
      input_ended_ = true;
      return;
    }
    frames_.feed({buffer_.data(), static_cast<std::size_t>(size)});
    while (auto frame = frames_.next()) {
      arrived_bytes_ += Dispatcher::cost(frame->text);
      arrived_.push_back(*std::move(frame));
    }
  } catch (const std::exception& error) {  // as where memory is too small for a message
    std::fprintf(stderr, "bulkhead: %s\n", error.what());
    failed_ = true;
    input_ended_ = true;
    loop_.stop();
  }

  void take(const Frame& frame) {
    switch (frame.kind) {
      case Frame::Kind::message:
        return server_.receive(frame.text);
      case Frame::Kind::fault:
        return server_.refuse(ErrorCode::parse_error, frame.text);
      case Frame::Kind::fatal:
        server_.refuse(ErrorCode::invalid_request, frame.text);
        std::fprintf(stderr, "bulkhead: %s\n", frame.text.c_str());
        failed_ = true;
        input_ended_ = true;
    }
  }

  void write(std::string_view message) {
    std::string header = frame_header(message.size());
    std::array<iovec, 2> rest{iovec{header.data(), header.size()},
                              iovec{const_cast<char*>(message.data()), message.size()}};
    while (rest[0].iov_len + rest[1].iov_len > 0) {
      const ssize_t size = ::writev(STDOUT_FILENO, rest.data(), rest.size());
      if (size >= 0) {
        for (auto done = static_cast<std::size_t>(size); iovec & part : rest) {
          const std::size_t own = std::min(done, part.iov_len);
          part = {static_cast<char*>(part.iov_base) + own, part.iov_len - own};
          done -= own;
        }
      } else if (errno == EAGAIN) {
        if (!wait_to_write()) return loop_.stop();
      } else if (errno != EINTR) {
        return loop_.stop();  // the client is gone
      }
    }
  }

  // Reads meanwhile: the client may wait for that before it reads what we write. False when the process is to end.
  bool wait_to_write() {
    pollfd polled[] = {{stop_.descriptor(), POLLIN, 0},
                       {STDOUT_FILENO, POLLOUT, 0},
                       {has_room() ? STDIN_FILENO : -1, POLLIN, 0}};
    const int ready = ::poll(polled, std::size(polled), static_cast<int>(process_poll.count()));
    if (ready < 0) return errno == EINTR;
    if (ready == 0) return client_ == 0 || is_running(client_);
    if (polled[0].revents != 0) return false;
    if (polled[2].revents != 0) read();
    return !loop_.stopped();
  }

  // A process that cannot be seen from here, as when the server runs in a container, is not
  // watched.
  void watch_process(std::int64_t process_id) {
    if (!is_running(process_id)) return;
    if (std::exchange(client_, process_id) == 0) watch_client();
  }

  void watch_client() {
    at(Clock::now() + process_poll, [this] {
      if (!is_running(client_)) return loop_.stop();
      watch_client();
    });
  }

  void scan_context(const ReadFile& file, Server::ContextReceiver receiver) {
    with_pauses(
        next_scan_,
        [this, file] { return [file, scanner = scanner_] { return context_of(*scanner, file); }; },
        std::move(receiver));
  }

  // What looks at many files keeps a distance that grows with what it takes: while a build writes thousands of
  // them, most of the time nobody looks. `next` is when the next one of its kind may; `prepare` then gives the work.
  template <class Prepare, class Receiver>
  void with_pauses(Clock::time_point& next, Prepare prepare, Receiver receiver) {
    at(next, [this, &next, prepare = std::move(prepare), receiver = std::move(receiver)]() mutable {
      beside(
          [work = prepare()] {
            const auto begin = Clock::now();
            auto result = work();
            const auto end = Clock::now();
            return std::pair(
                std::move(result),
                end + std::min<Clock::duration>(pause_factor * (end - begin), longest_pause));
          },
          [&next, receiver = std::move(receiver)](auto done) {
            next = std::max(next, done.second);
            receiver(std::move(done.first));
          });
    });
  }

  // Calls `action` on the loop at that time.
  template <class Action>
  void at(Clock::time_point time, Action action) {
    const auto timer = std::make_shared<asio::steady_timer>(loop_, time);
    timer->async_wait(
        [timer, action = std::move(action)](const boost::system::error_code& error) mutable {
          if (!error) action();
        });
  }

  // Does `work` beside the loop, and hands what it gives to `receiver` on the loop.
  template <class Work, class Receiver>
  void beside(Work work, Receiver receiver) {
    asio::post(workers_, [this, work = std::move(work), receiver = std::move(receiver)] {
      asio::post(loop_, [this, receiver, result = work()]() mutable {
        receiver(std::move(result));
        serve();
      });
    });
  }

  Stop stop_;
  NonBlocking output_{STDOUT_FILENO};
  asio::io_context loop_{1};
  Descriptor stop_input_{loop_, duplicate(stop_.descriptor())};
  Descriptor input_{loop_, duplicate(STDIN_FILENO)};
  std::vector<char> buffer_ = std::vector<char>(read_size);
  FrameReader frames_;
  std::deque<Frame> arrived_;  // read and not yet handed on
  std::size_t arrived_bytes_ = 0;
  host::RecentScripts scripts_;
  Server server_;
  std::shared_ptr<host::ContextScanner> scanner_ = std::make_shared<host::ContextScanner>();
  Clock::time_point next_scan_;
  Clock::time_point next_search_;
  bool serving_ = false;
  bool awaiting_ = false;  // input
  bool input_ended_ = false;
  bool failed_ = false;
  std::int64_t client_ = 0;  // its process, if that is watched
  std::atomic<bool> stopping_ = false;
  asio::thread_pool workers_{2};  // last: ends before what its work refers to
};

}  // namespace

int serve_stdio(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a client that has gone is seen where we write
  try {
    // Before something else is opened in their place.
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO}) {
      if (::fcntl(descriptor, F_GETFD) < 0)
        throw std::runtime_error("standard input and output have to be open");
    }
    return StdioServer(options).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bulkhead: %s\n", error.what());
    return 1;
  }
}

}  // namespace bulkhead::lsp
