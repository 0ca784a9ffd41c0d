#include "analysis/shell/commands/users.h"

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

using Lines = std::vector<std::string>;

// A line for each change: what, the name, "@" where, and what else is said.
Lines outline(const std::vector<AccountChange>& changes) {
  Lines lines;
  for (const AccountChange& change : changes) {
    constexpr const char* kinds[] = {"user",         "group",    "join",  "change",
                                     "change-group", "password", "clear", "lock",
                                     "unlock",       "-user",    "-group"};
    std::string line = kinds[static_cast<int>(change.kind)];
    line += " " + change.name.value_or("?") + " @" + std::to_string(change.at);
    if (change.uid) line += " uid=" + std::to_string(*change.uid);
    if (change.gid) line += " gid=" + std::to_string(*change.gid);
    if (change.group) line += " group=" + *change.group;
    for (const std::string& group : change.groups) line += " +" + group;
    if (change.home) line += " home=" + *change.home;
    if (change.shell) line += " shell=" + *change.shell;
    if (change.system) line += " system";
    if (change.implied) line += " implied";
    lines.push_back(line);
  }
  return lines;
}

Lines changes(std::string_view program, const std::string& text) {
  return outline(account_changes(program, arguments(text)));
}

}  // namespace

TEST_CASE("useradd") {
  CHECK(changes("useradd", "app") == Lines{"group app @0 implied", "user app @0 group=app"});
  CHECK(changes("useradd", "-r -u 1001 -g staff -d /srv -s /bin/false app") ==
        Lines{"user app @9 uid=1001 group=staff home=/srv shell=/bin/false system"});
  CHECK(changes("useradd", "-ms /bin/bash -u1000 app") ==
        Lines{"group app @3 implied", "user app @3 uid=1000 group=app shell=/bin/bash"});
  CHECK(changes("useradd", "--no-user-group --uid=5 --home-dir /x app") ==
        Lines{"user app @4 uid=5 home=/x"});
  CHECK(changes("useradd", "-N -G a,b app") ==
        Lines{"user app @3 +a +b", "join app @3 group=a", "join app @3 group=b"});
  CHECK(changes("useradd", "-N -p x app") == Lines{"user app @3", "password app @3"});
  CHECK(changes("useradd", "app -c comment -u 7 -N") == Lines{"user app @0 uid=7"});
}

TEST_CASE("what is not known of a user") {
  CHECK(changes("useradd", "-N ?") == Lines{"user ? @1"});
  CHECK(changes("useradd", "-N -u ? app") == Lines{"user app @3"});
  CHECK(changes("useradd", "-g ? app") == Lines{"user app @2"});
  CHECK(changes("useradd", "-D -s /bin/sh") == Lines{});
  CHECK(changes("useradd", "") == Lines{});
}

TEST_CASE("accounts of the system in another folder") {
  for (const char* option : {"-R /mnt", "--root=/mnt", "-P /mnt"}) {
    const std::string arguments = std::string(option) + " app";
    for (const char* program : {"useradd", "usermod", "userdel", "groupadd", "groupmod"})
      CHECK(changes(program, arguments) == Lines{});
  }
  CHECK(changes("gpasswd", "-Q /mnt -a app docker") == Lines{});
  CHECK(changes("passwd", "--root /mnt -l app") == Lines{});
}

TEST_CASE("adduser of Debian") {
  CHECK(changes("adduser", "--disabled-password --gecos '' app") ==
        Lines{"group app @3 implied", "user app @3 group=app"});
  CHECK(changes("adduser", "--system --group --uid 101 --home /srv --no-create-home app") ==
        Lines{"group app @7 system implied", "user app @7 uid=101 group=app home=/srv system"});
  CHECK(changes("adduser", "--system app") == Lines{"user app @1 group=nogroup system"});
  CHECK(changes("adduser", "--system --ingroup web --shell /bin/sh app") ==
        Lines{"user app @5 group=web shell=/bin/sh system"});
  CHECK(changes("adduser", "--group app") == Lines{"group app @1"});
  CHECK(changes("adduser", "app docker") == Lines{"join app @0 group=docker"});
  CHECK(changes("adduser", "? docker") == Lines{"join ? @0 group=docker"});
}

TEST_CASE("adduser of busybox") {
  CHECK(changes("adduser", "-D app") == Lines{"group app @1 implied", "user app @1 group=app"});
  CHECK(changes("adduser", "-S -D -H -h /srv -s /sbin/nologin -G web -u 1000 -g comment app") ==
        Lines{"user app @13 uid=1000 group=web home=/srv shell=/sbin/nologin system"});
  CHECK(changes("adduser", "-SDH app") == Lines{"user app @1 group=nogroup system"});
  CHECK(changes("adduser", "-u 1000 -G web app") == Lines{"user app @4 uid=1000 group=web"});
  CHECK(changes("adduser", "-h /srv/d -s /bin/sh -D app") ==
        Lines{"group app @5 implied", "user app @5 group=app home=/srv/d shell=/bin/sh"});
}

TEST_CASE("adduser of Red Hat is useradd") {
  CHECK(changes("adduser", "-r -g web -d /srv/DHS app") ==
        Lines{"user app @5 group=web home=/srv/DHS system"});
  CHECK(changes("adduser", "-m -G wheel app") ==
        Lines{"group app @3 implied", "user app @3 group=app +wheel", "join app @3 group=wheel"});
  CHECK(changes("adduser", "-u 1000 -g 1000 app") == Lines{"user app @4 uid=1000 group=1000"});
  CHECK(changes("adduser", "--home-dir /srv --gid web app") ==
        Lines{"user app @4 group=web home=/srv"});
}

TEST_CASE("groups") {
  CHECK(changes("groupadd", "-g 1000 -r web") == Lines{"group web @3 gid=1000 system"});
  CHECK(changes("groupadd", "--gid=5 -f web") == Lines{"group web @2 gid=5"});
  CHECK(changes("addgroup", "-g 5 -S web") == Lines{"group web @3 gid=5 system"});
  CHECK(changes("addgroup", "--gid 5 --system web") == Lines{"group web @3 gid=5 system"});
  CHECK(changes("addgroup", "app web") == Lines{"join app @0 group=web"});
  CHECK(changes("groupmod", "-n new -g 5 old") == Lines{"-group old @4", "group new @1 gid=5"});
  CHECK(changes("groupmod", "-g 5 old") == Lines{"change-group old @2 gid=5"});
  CHECK(changes("groupdel", "web") == Lines{"-group web @0"});
  CHECK(changes("delgroup", "web") == Lines{"-group web @0"});
  CHECK(changes("gpasswd", "-a app docker") == Lines{"join app @2 group=docker"});
  CHECK(changes("gpasswd", "-d app docker") == Lines{});
}

TEST_CASE("changes of accounts") {
  CHECK(changes("usermod", "-aG a,b app") ==
        Lines{"change app @2 +a +b", "join app @2 group=a", "join app @2 group=b"});
  CHECK(changes("usermod", "-u 0 -o root2") == Lines{"change root2 @3 uid=0"});
  CHECK(changes("usermod", "-l new -d /home/new old") ==
        Lines{"-user old @4", "user new @1 home=/home/new"});
  CHECK(changes("usermod", "-L root") == Lines{"change root @1", "lock root @1"});
  CHECK(changes("userdel", "-r app") == Lines{"-user app @1"});
  CHECK(changes("deluser", "--remove-home app") == Lines{"-user app @1"});
  CHECK(changes("deluser", "app docker") == Lines{});
  CHECK(changes("passwd", "-d root") == Lines{"clear root @1"});
  CHECK(changes("passwd", "-u root") == Lines{"unlock root @1"});
  CHECK(changes("passwd", "-l root") == Lines{"lock root @1"});
  CHECK(changes("passwd", "") == Lines{});
}

TEST_CASE("programs that keep no accounts") {
  CHECK(changes("echo", "useradd app") == Lines{});
  CHECK(changes("", "app") == Lines{});
  CHECK(changes("useradd-helper", "app") == Lines{});
}

TEST_CASE("lines of account files") {
  CHECK(outline(account_lines("/etc/passwd",
                              "app:x:1000:1001:App:/srv:/bin/sh\n\n# no\nb::0:0:::\n")) ==
        Lines{"user app @0 uid=1000 group=1001 home=/srv shell=/bin/sh", "user b @39 uid=0 group=0",
              "clear b @39"});
  CHECK(outline(account_lines("/etc/group", "web:x:5:a,b\n")) ==
        Lines{"group web @0 gid=5", "join a @0 group=web", "join b @0 group=web"});
  CHECK(outline(account_lines("/rootfs/etc/passwd", "app:x:1:1::/:")) ==
        Lines{"user app @0 uid=1 group=1 home=/"});
  CHECK(outline(account_lines("/etc/shadow", "a:*:1::::::\nb:$6$x:1::::::\n")) ==
        Lines{"lock a @0", "password b @12"});
  CHECK(account_lines("/etc/passwd-", "app:x:1:1::/:").empty());
  CHECK(account_lines("/etc/passwd", "no line").empty());
}

TEST_CASE("lines for chpasswd") {
  CHECK(outline(password_lines("root:secret\napp:!\n")) ==
        Lines{"password root @0", "lock app @12"});
  CHECK(outline(password_lines("app:\n")) == Lines{"clear app @0"});
  CHECK(password_lines("").empty());
}
