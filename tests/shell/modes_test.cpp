#include "analysis/shell/commands/modes.h"

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

std::string tightened(std::string_view text) {
  const auto mode = parse_mode(text);
  return mode ? mode->tightened() : "no mode";
}

bool forbids_world_writing(const Mode& mode) {
  return (mode.applied_to(0777) & 0002) == 0;
}

// "MODE @ARGUMENT+OFFSET: PATHS", with "R" if it goes into folders.
std::string change(std::string_view program, const std::string& text) {
  const auto found = mode_change(program, arguments(text));
  if (!found) return "none";
  std::string out = found->text + " @" + std::to_string(found->argument) + "+" +
                    std::to_string(found->offset) + ":";
  for (const std::size_t path : found->paths) out += " " + std::to_string(path);
  return out + (found->recursive ? " R" : "") + (found->is_mask ? " mask" : "");
}

}  // namespace

TEST_CASE("who may write after an octal mode") {
  for (const std::string_view mode : {"777", "0777", "666", "2", "002", "1777", "4777", "00777"}) {
    INFO(mode);
    CHECK(parse_mode(mode)->world_writable());
  }
  for (const std::string_view mode : {"755", "0644", "775", "770", "0", "4755", "1775"}) {
    INFO(mode);
    CHECK_FALSE(parse_mode(mode)->world_writable());
    CHECK(forbids_world_writing(*parse_mode(mode)));
  }
  CHECK(parse_mode("1777")->sticky());
  CHECK(parse_mode("4755")->setuid());
  CHECK_FALSE(parse_mode("4755")->setgid());
  CHECK(parse_mode("2755")->setgid());
  CHECK_FALSE(parse_mode("755")->setuid());
}

TEST_CASE("who may write after a symbolic mode") {
  for (const std::string_view mode :
       {"a+w", "o+w", "ugo+rwx", "a=rwX", "go=rw", "u+x,o+w", "o-w+w", "a+rwt"}) {
    INFO(mode);
    CHECK(parse_mode(mode)->world_writable());
    CHECK_FALSE(forbids_world_writing(*parse_mode(mode)));
  }
  for (const std::string_view mode :
       {"u+w", "g+w", "+w", "+rwx", "a+rx", "o=u", "a-w", "a+w,o-w", "=rw"}) {
    INFO(mode);
    CHECK_FALSE(parse_mode(mode)->world_writable());
  }
  for (const std::string_view mode : {"o-w", "a-w", "o=", "go=rx", "a+w,o-w", "o=r"}) {
    INFO(mode);
    CHECK(forbids_world_writing(*parse_mode(mode)));
  }
  // As it was before.
  for (const std::string_view mode : {"u+x", "+w", "g=rw", "o+x", "o=u", "go=u"}) {
    INFO(mode);
    CHECK_FALSE(forbids_world_writing(*parse_mode(mode)));
  }
  CHECK(parse_mode("u+s")->setuid());
  CHECK(parse_mode("+s")->setuid());
  CHECK(parse_mode("g+s")->setgid());
  CHECK_FALSE(parse_mode("g+s")->setuid());
  CHECK_FALSE(parse_mode("u-s")->setuid());
  CHECK_FALSE(parse_mode("o+s")->setuid());
  CHECK(parse_mode("+t")->sticky());
}

TEST_CASE("what is no mode") {
  for (const std::string_view text :
       {"", "888", "77777", "file", "u", "u+w,", "a+z", ",", "-", "999999999999"}) {
    INFO(text);
    CHECK(parse_mode(text).has_value() == (text == "-"));
  }
  CHECK_FALSE(parse_mode("-R"));
  CHECK(parse_mode("-w"));
}

TEST_CASE("octal modes without the right to write for group and others") {
  CHECK(tightened("777") == "755");
  CHECK(tightened("0777") == "0755");
  CHECK(tightened("666") == "644");
  CHECK(tightened("2777") == "2755");
  CHECK(tightened("7") == "5");
  CHECK(tightened("22") == "00");
  // As they were: sticky, or nothing for others.
  CHECK(tightened("1777") == "1777");
  CHECK(tightened("775") == "775");
  CHECK(tightened("755") == "755");
}

TEST_CASE("symbolic modes without the right to write for group and others") {
  CHECK(tightened("a+w") == "u+w");
  CHECK(tightened("ugo+rwx") == "ugo+rx,u+w");
  CHECK(tightened("a+rwX") == "a+rX,u+w");
  CHECK(tightened("a=rw") == "a=r,u+w");
  CHECK(tightened("u+x,o+w") == "u+x");
  CHECK(tightened("o+rw") == "o+r");
  CHECK(tightened("go=w") == "go=");
  CHECK(tightened("o+w") == "o-w");
  CHECK(tightened("go+w") == "go-w");
  CHECK(tightened("a+w-x") == "u+w,a-x");
  CHECK(tightened("u+w") == "u+w");
  CHECK(tightened("g+w,+x") == "g+w,+x");
  CHECK(tightened("a+rwt") == "a+rwt");
}

TEST_CASE("a tightened mode is one that others may not write by, and stays as it is") {
  for (const std::string_view mode : {"777", "0777", "666", "2777", "a+w", "ugo+rwx", "a=rw",
                                      "u+x,o+w", "o+w", "go+w", "go=w", "a+w-x", "a+rwX"}) {
    INFO(mode);
    const std::string tight = tightened(mode);
    REQUIRE(parse_mode(tight));
    CHECK_FALSE(parse_mode(tight)->world_writable());
    CHECK(tightened(tight) == tight);
  }
}

TEST_CASE("masks") {
  CHECK(parse_mask("000")->world_writable());
  CHECK(parse_mask("0")->world_writable());
  CHECK(forbids_world_writing(*parse_mask("0002")));
  CHECK_FALSE(parse_mask("022")->world_writable());
  CHECK(parse_mask("000")->tightened() == "022");
  CHECK(parse_mask("077")->tightened() == "077");
  CHECK(parse_mask("u=rwx,go=rwx")->world_writable());
  CHECK_FALSE(parse_mask("u=rwx,go=rx")->world_writable());
  CHECK_FALSE(parse_mask("x"));
}

TEST_CASE("chmod") {
  CHECK(change("chmod", "777 a b") == "777 @0+0: 1 2");
  CHECK(change("chmod", "-R 777 a") == "777 @1+0: 2 R");
  CHECK(change("chmod", "-vR a+w a") == "a+w @1+0: 2 R");
  CHECK(change("chmod", "777 -R a") == "777 @0+0: 2 R");
  CHECK(change("chmod", "--recursive --verbose 777 a") == "777 @2+0: 3 R");
  CHECK(change("chmod", "-x a") == "-x @0+0: 1");
  CHECK(change("chmod", "-R -rwx a") == "-rwx @1+0: 2 R");
  CHECK(change("chmod", "-- 777 -R") == "777 @1+0: 2");
  CHECK(change("chmod", "777 ?") == "777 @0+0: 1");
  CHECK(change("chmod", "--reference=x a") == "none");
  CHECK(change("chmod", "? a") == "none");
  CHECK(change("chmod", "") == "none");
}

TEST_CASE("install, mkdir and their like") {
  CHECK(change("mkdir", "-p -m 777 a b") == "777 @2+0: 3 4");
  CHECK(change("mkdir", "-pm777 a") == "777 @0+3: 1");
  CHECK(change("mkdir", "--mode=0777 a") == "0777 @0+7: 1");
  CHECK(change("mkdir", "-p a") == "none");
  CHECK(change("mkdir", "-m ? a") == "none");
  CHECK(change("install", "-m 777 a b c") == "777 @1+0: 4");
  CHECK(change("install", "-d -o app -g app -m 0777 a b") == "0777 @6+0: 7 8");
  CHECK(change("install", "-Dm777 a b") == "777 @0+3: 2");
  CHECK(change("install", "-m 777 -t /bin a b") == "777 @1+0: 3");
  CHECK(change("mkfifo", "-m 666 a") == "666 @1+0: 2");
  CHECK(change("mknod", "-m 666 /dev/null c 1 3") == "666 @1+0: 2");
}

TEST_CASE("umask") {
  CHECK(change("umask", "000") == "000 @0+0: mask");
  CHECK(change("umask", "-S 000") == "000 @1+0: mask");
  CHECK(change("umask", "") == "none");
  CHECK(change("umask", "?") == "none");
}

TEST_CASE("chmod behind find and xargs") {
  CHECK(change("find", "/a /b -type d -exec chmod 777 {} +") == "777 @6+0: 0 1 R");
  CHECK(change("xargs", "-0 chmod -R a+w") == "a+w @3+0: R");
  CHECK(change("find", "/a -name chmod") == "none");
  CHECK(change("find", "/a -type f") == "none");
}

TEST_CASE("programs that set no modes") {
  CHECK(change("cp", "-m 777 a") == "none");
  CHECK(change("", "777 a") == "none");
}

TEST_CASE("a mode without the bits that change who a program runs as") {
  const auto rest = [](std::string_view text) { return parse_mode(text)->without_set_id(); };
  CHECK(rest("4755") == "755");
  CHECK(rest("04755") == "0755");
  CHECK(rest("7777") == "1777");
  CHECK(rest("755") == "755");
  CHECK(rest("u+s").empty());
  CHECK(rest("u+xs,go-w") == "u+x,go-w");
  CHECK(rest("u=rws,g-s") == "u=rw,g-s");
}

TEST_CASE("the group may write where it gets that right, or those of the owner") {
  for (const std::string_view mode : {"664", "g+w", "ug=rw", "a+w", "g=u", "g+u"}) {
    INFO(mode);
    CHECK(parse_mode(mode)->group_writable());
  }
  for (const std::string_view mode : {"644", "0702", "g+r", "o+w", "u=g", "g-w", "o=u"}) {
    INFO(mode);
    CHECK_FALSE(parse_mode(mode)->group_writable());
  }
  CHECK(parse_mode("g-w")->forbids_group_writing());
  CHECK_FALSE(parse_mode("o-w")->forbids_group_writing());
}
