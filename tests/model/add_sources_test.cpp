#include "analysis/model/add_sources.h"

#include "tests/catch.h"

using namespace bulkhead;

// Source: BuildKit, frontend/dockerfile/dfgitutil and util/sshutil; the bytes of archives are not looked at here.
TEST_CASE("what ADD fetches") {
  for (const std::string_view web : {"http://a/b", "https://a/b.tar.gz", "https://a/b.git.txt"}) {
    CAPTURE(web);
    CHECK(is_remote(web));
    CHECK(!is_git(web));
  }
  for (const std::string_view git :
       {"https://a/b.git", "https://a/b.git#v1:sub", "http://a/b.git?ref=v1", "git://a/b",
        "ssh://git@a/b", "git@a:b", "deploy-bot@git.example.com:team/b.git"}) {
    CAPTURE(git);
    CHECK(is_remote(git));
    CHECK(is_git(git));
  }
  for (const std::string_view local : {"", "a", "./https://a", "ftp://a/b", "example.com/a.git",
                                       "me@home", "a/b@c:d", "@a:b", "a@:b", "https:/a", "C:\\a"}) {
    CAPTURE(local);
    CHECK(!is_remote(local));
  }
}

TEST_CASE("what ADD unpacks, by its name") {
  for (const std::string_view archive : {"a.tar", "a.TAR.GZ", "a.tgz", "b/a.tar.zst"}) {
    CAPTURE(archive);
    CHECK(is_archive(archive));
    CHECK(may_be_archive(archive));
  }
  for (const std::string_view maybe : {"a.gz", "dump.sql.xz"}) {
    CAPTURE(maybe);
    CHECK(!is_archive(maybe));
    CHECK(may_be_archive(maybe));
  }
  for (const std::string_view other : {"a.zip", "tar", "a.tar.txt", "a.jar"}) {
    CAPTURE(other);
    CHECK(!may_be_archive(other));
  }
}
