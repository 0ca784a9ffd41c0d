#include "host/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace bulkhead::host {
namespace {

[[noreturn]] void fail(std::string_view action, std::string_view name, const std::string& reason) {
  throw FileError("cannot " + std::string(action) + " " + std::string(name) + ": " + reason);
}

[[noreturn]] void fail(std::string_view action, std::string_view name, int error = errno) {
  fail(action, name, std::generic_category().message(error));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

std::string read_all(int descriptor, std::string_view name, std::uint64_t most = max_file_size) {
  const std::string too_large = "larger than " + std::to_string(most / 1024 / 1024) + " MiB";
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) fail("read", name);
  if (S_ISREG(status.st_mode) && std::cmp_greater(status.st_size, most)) {
    fail("read", name, too_large);
  }
  // The size is only a hint: a file may grow meanwhile, and a pipe has none.
  std::string bytes(S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) + 1 : 65536,
                    '\0');
  std::size_t size = 0;
  while (true) {
    const ssize_t got = ::read(descriptor, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", name);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > most) fail("read", name, too_large);
    if (size == bytes.size()) bytes.resize(2 * size);
  }
  bytes.resize(size);
  return bytes;
}

// Nothing, or the errno of what went wrong.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

std::string read_named_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) fail("read", path.native());
  return read_all(file.get(), path.native());
}

std::string read_file(const std::filesystem::path& path, std::uint64_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) fail("read", path.native());
  if (S_ISDIR(status.st_mode)) fail("read", path.native(), EISDIR);
  if (!S_ISREG(status.st_mode)) fail("read", path.native(), std::string("not a regular file"));
  return read_all(file.get(), path.native(), most);
}

std::string read_standard_input(std::string_view name) {
  return read_all(STDIN_FILENO, name);
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  if (error) fail("write", path.native(), error.value());
  // Renaming over a file asks for no permission on it: a read-only one is to stay as it is.
  struct stat status{};
  if (::stat(target.c_str(), &status) != 0 || ::access(target.c_str(), W_OK) != 0) {
    fail("write", path.native());
  }

  std::string temporary = target.parent_path() / ("." + target.filename().native() + ".XXXXXX");
  const Descriptor file(::mkstemp(temporary.data()));
  if (!file.is_open()) fail("write", path.native());
  int problem = write_all(file.get(), bytes);
  // Only root may give files away; for everybody else the owner is right already. Changing the
  // owner may clear bits of the mode, which is why that comes after it.
  if (status.st_uid != ::geteuid() || status.st_gid != ::getegid()) {
    [[maybe_unused]] const int ignored = ::fchown(file.get(), status.st_uid, status.st_gid);
  }
  if (problem == 0 && ::fchmod(file.get(), status.st_mode & 07777) != 0) problem = errno;
  // Without this, a crash of the machine may leave an empty file behind the rename.
  if (problem == 0 && ::fsync(file.get()) != 0) problem = errno;
  if (problem == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) problem = errno;
  if (problem != 0) {
    ::unlink(temporary.c_str());
    fail("write", path.native(), problem);
  }
}

void create_file(const std::filesystem::path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.is_open()) fail("create", path.native());
  if (const int problem = write_all(file.get(), bytes); problem != 0) {
    ::unlink(path.c_str());
    fail("create", path.native(), problem);
  }
}

}  // namespace bulkhead::host
