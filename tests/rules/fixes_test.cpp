// What fixes say of themselves: which are made without asking, for those of one rule are safe in one place and
// not in another, and their titles. What they do is shown by the fixtures.

#include <string>
#include <string_view>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "tests/catch.h"

namespace bulkhead {
namespace {

// What the rule offers for the one thing that it finds.
Fix fix_of(std::string_view id, const std::string& text) {
  const Rule* rule = find_rule(id);
  REQUIRE(rule);
  INFO(text);
  const auto document = Document::create(text);
  const auto findings =
      analyse(*document, {.select = std::vector{rule}, .ignore = {}}, {}).findings;
  REQUIRE(findings.size() == 1);
  REQUIRE(!findings.front().fixes.empty());
  return findings.front().fixes.front();
}

bool is_safe(std::string_view id, const std::string& text) {
  return fix_of(id, text).safety == Safety::safe;
}

TEST_CASE("a secret's mode is closed where nobody but its owner needs it") {
  const auto closed = [](const std::string& user, const std::string& fields,
                         const std::string& command = "npm ci") {
    return is_safe("secret-mount-world-readable", "FROM node:26\nRUN useradd -u 2000 app\n" + user +
                                                      "RUN --mount=type=secret,id=a," + fields +
                                                      " " + command + "\n");
  };
  CHECK(closed("", "mode=0444"));
  CHECK(closed("", "uid=1000,mode=0444"));
  CHECK(closed("USER node\n", "uid=1000,mode=0444"));
  CHECK(closed("USER app\n", "uid=2000,mode=0444"));
  CHECK(closed("USER 1000:1000\n", "uid=1000,mode=0444"));
  CHECK_FALSE(closed("USER node\n", "mode=0444"));
  CHECK_FALSE(closed("USER node\n", "uid=0,mode=0444"));
  CHECK_FALSE(closed("USER other\n", "uid=$X,mode=0444"));
  CHECK_FALSE(closed("USER 1000\n", "uid=1001,gid=1000,mode=0444"));
  CHECK_FALSE(closed("", "mode=0555"));
  for (const char* command :
       {"su node -c 'npm ci'", "runuser -u node -- npm ci", "runuser node -c 'npm ci'",
        "gosu node npm ci", "su-exec node npm ci", "sudo -u node npm ci",
        "setpriv --reuid 1000 npm ci", "chroot --userspec=1000 / npm ci", "apt-get update"}) {
    CHECK_FALSE(closed("", "mode=0444", command));
  }
  CHECK(closed("", "mode=0444", "sudo npm ci"));
}

TEST_CASE("a user's number is written where the file says it for certain") {
  CHECK(is_safe("non-numeric-user", "FROM debian:13\nRUN useradd -u 1000 app\nUSER app\n"));
  CHECK(is_safe("non-numeric-user",
                "FROM debian:13\nRUN useradd -u 1000 app\nCOPY a.conf /etc/\nUSER app\n"));
  CHECK_FALSE(is_safe("non-numeric-user",
                      "FROM debian:13\nRUN useradd -u 1000 app\nCOPY rootfs /\nUSER app\n"));
  CHECK_FALSE(is_safe("non-numeric-user", "FROM node:26\nUSER node\n"));
}

TEST_CASE("a slash is written where the folder is there already") {
  const auto is_slash_safe = [](const std::string& lines) {
    return is_safe("copy-multiple-without-slash", "FROM debian:13\n" + lines + "\n");
  };
  CHECK(is_slash_safe("WORKDIR /app\nCOPY a b /app"));
  CHECK(is_slash_safe("WORKDIR /srv/app/\nADD a b /srv/./app"));
  CHECK_FALSE(is_slash_safe("COPY a b /app"));
  CHECK_FALSE(is_slash_safe("WORKDIR /app\nCOPY a b /app/bin"));
  CHECK_FALSE(is_slash_safe("WORKDIR /app\nCOPY a b app"));
  CHECK_FALSE(is_slash_safe("WORKDIR /app\nCOPY --link a b /app"));
  CHECK_FALSE(is_slash_safe("WORKDIR /app\nONBUILD COPY a b /app"));
}

TEST_CASE("sudo goes without asking where it has nothing to drop") {
  const auto is_safe_in = [](const std::string& command) {
    return is_safe("sudo-usage", "FROM debian:13\nENV A=1\nRUN " + command + "\n");
  };
  for (const char* command :
       {"sudo make", "sudo B=1 make", "B=1 sudo -E make", "B=1 sudo --preserve-env make",
        "sudo make && export B=1", "export B=1 && sudo -E make", "sudo /bin/echo a",
        "echo a | sudo tee b"}) {
    INFO(command);
    CHECK(is_safe_in(command));
  }
  for (const char* command :
       {"B=1 sudo make", "B=1 sudo -H make", "env B=1 sudo make", "export B=1 && sudo make",
        ". ./b && sudo make", "sudo make && B=1 sudo make", "sudo echo -e 'a\\nb'",
        "sudo test -f a", "sudo B=1 printf a"}) {
    INFO(command);
    CHECK_FALSE(is_safe_in(command));
  }
}

TEST_CASE("a title names what goes") {
  const auto title = [](const std::string& arguments) {
    return fix_of("curl-insecure", "FROM debian:13\nRUN curl " + arguments + "\n").title;
  };
  CHECK(title("-sSfLk https://example.com/a") == "Remove k from -sSfLk");
  CHECK(title("-ko a https://example.com/a") == "Remove k from -ko");
  CHECK(title("-k https://example.com/a") == "Remove -k");
  CHECK(title("--insecure https://example.com/a") == "Remove --insecure");
}

TEST_CASE("a secret that the build and the container read is to be given to both") {
  const auto title = [](const std::string& start) {
    return fix_of("secret-in-env",
                  "FROM debian:13\nENV API_KEY=hunter2-example-1\nRUN a $API_KEY\n" + start + "\n")
        .title;
  };
  const std::string mounts =
      "Mount API_KEY as a secret; build with --secret id=API_KEY,env=API_KEY";
  CHECK(title("CMD [\"a\"]") == mounts);
  CHECK(title("CMD a --key $API_KEY") == mounts + ", and give it at run time");
  CHECK(title("ENTRYPOINT [\"sh\", \"-c\", \"a $API_KEY\"]") ==
        mounts + ", and give it at run time");
}

}  // namespace
}  // namespace bulkhead
