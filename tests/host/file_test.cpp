#include "host/file.h"

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "tests/catch.h"
#include "tests/host/folder.h"

namespace bulkhead::host {
namespace {

namespace fs = std::filesystem;

std::string error_of(auto&& action) {
  try {
    action();
  } catch (const FileError& error) {
    return error.what();
  }
  return "no error";
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("read_file gives any bytes as they are") {
  const TemporaryFolder folder;
  const std::string bytes("FROM a\0b\xFF\r\n", 11);
  CHECK(read_file(folder.write("Dockerfile", bytes)) == bytes);
  CHECK(read_file(folder.write("empty")).empty());
  const std::string large(3'000'000, 'x');
  CHECK(read_file(folder.write("large", large)) == large);
}

TEST_CASE("read_file says what is wrong") {
  const TemporaryFolder folder;
  CHECK(error_of([&] { read_file(folder / "none"); }) ==
        "cannot read " + (folder / "none").native() + ": No such file or directory");
  CHECK(error_of([&] { read_file(folder.path()); }) ==
        "cannot read " + folder.path().native() + ": Is a directory");
  const fs::path secret = folder.write("secret", "x");
  fs::permissions(secret, fs::perms::none);
  {
    const Unprivileged user;
    CHECK(error_of([&] { read_file(secret); }) ==
          "cannot read " + secret.native() + ": Permission denied");
  }
}

TEST_CASE("read_file refuses what is too large without reading it") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("huge");
  fs::resize_file(file, max_file_size);
  CHECK(read_file(file).size() == max_file_size);
  fs::resize_file(file, max_file_size + 1);
  CHECK(error_of([&] { read_file(file); }) ==
        "cannot read " + file.native() + ": larger than 64 MiB");
  // No size is known of a device.
  CHECK(error_of([&] { read_named_file("/dev/zero"); }) ==
        "cannot read /dev/zero: larger than 64 MiB");
}

TEST_CASE("read_file takes no more than it is told to") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("a", std::string(max_nearby_size, 'x'));
  CHECK(read_file(file, max_nearby_size).size() == max_nearby_size);
  folder.write("a", std::string(max_nearby_size + 1, 'x'));
  CHECK(error_of([&] { read_file(file, max_nearby_size); }) ==
        "cannot read " + file.native() + ": larger than 1 MiB");
}

TEST_CASE("read_file waits for nobody") {
  const TemporaryFolder folder;
  const fs::path pipe = folder / "Dockerfile";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string refused = "cannot read " + pipe.native() + ": not a regular file";
  CHECK(error_of([&] { read_file(pipe); }) == refused);
  CHECK(error_of([&] { read_file("/dev/null"); }) == "cannot read /dev/null: not a regular file");
  CHECK(read_named_file("/dev/null").empty());
}

TEST_CASE("write_file replaces the bytes and keeps the mode") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("Dockerfile", "FROM a\n");
  fs::permissions(file, fs::perms(0640));
  write_file(file, "FROM b\n");
  CHECK(read_file(file) == "FROM b\n");
  CHECK(fs::status(file).permissions() == fs::perms(0640));
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("write_file leaves a symbolic link a link") {
  const TemporaryFolder folder;
  const fs::path target = folder.write("docker/Dockerfile", "FROM a\n");
  const fs::path link = folder / "Dockerfile";
  fs::create_symlink("docker/Dockerfile", link);
  write_file(link, "FROM b\n");
  CHECK(fs::is_symlink(link));
  CHECK(read_file(target) == "FROM b\n");
}

TEST_CASE("write_file fails and leaves nothing behind") {
  const TemporaryFolder folder;
  CHECK(error_of([&] { write_file(folder / "none", "x"); }) ==
        "cannot write " + (folder / "none").native() + ": No such file or directory");
  const fs::path file = folder.write("Dockerfile", "FROM a\n");
  fs::permissions(file, fs::perms(0444));
  {
    const Unprivileged user;
    CHECK(error_of([&] { write_file(file, "x"); }) ==
          "cannot write " + file.native() + ": Permission denied");
  }
  CHECK(read_file(file) == "FROM a\n");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("create_file does not touch what is there") {
  const TemporaryFolder folder;
  const fs::path file = folder / ".dockerignore";
  create_file(file, ".git\n");
  CHECK(read_file(file) == ".git\n");
  CHECK(error_of([&] { create_file(file, "x"); }) ==
        "cannot create " + file.native() + ": File exists");
  CHECK(read_file(file) == ".git\n");
}

}  // namespace
}  // namespace bulkhead::host
