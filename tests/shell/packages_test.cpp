#include "analysis/shell/commands/packages.h"

#include "tests/catch.h"
#include "tests/shell/commands.h"

using namespace bulkhead::shell;

namespace {

// "install nginx==1.2 @2 | assume_yes": the action, packages with what pins them ('=' exactly, '~' a
// range) and where they stand, settings with their values.
std::string outline(const std::optional<PackageCall>& call) {
  if (!call) return "none";
  constexpr const char* actions[] = {"install", "upgrade",  "remove",    "update-index",
                                     "clean",   "download", "add-source"};
  constexpr const char* kinds[] = {"", "group:", "path:", "url:", "list:", "unknown"};
  constexpr const char* pins[] = {"", "~", "="};
  constexpr const char* settings[] = {
      "yes",    "simulate", "no-extras", "no-cache", "unverified", "trusted-host",
      "index",  "extra",    "no-index",  "update",   "upgrade",    "root",
      "target", "virtual",  "global",    "user",     "locked",     "no-scripts",
      "force",  "release",  "purge",     "unneeded"};
  std::string text = actions[static_cast<int>(call->action)];
  for (const Package& package : call->packages) {
    text += std::string(" ") + kinds[static_cast<int>(package.kind)] + package.name +
            pins[static_cast<int>(package.pin)] + package.version + "@" +
            std::to_string(package.argument);
    if (package.offset > 0) text += "+" + std::to_string(package.offset);
  }
  if (!call->settings.empty()) text += " |";
  for (const PackageCall::Given& given : call->settings) {
    text += std::string(" ") + settings[static_cast<int>(given.setting)];
    if (given.value) text += "=" + *given.value;
  }
  return text;
}

std::string call(std::string_view program, const std::string& text) {
  return outline(package_call(program, arguments(text)));
}

std::string manager(std::string_view program, const std::string& text) {
  const auto found = package_call(program, arguments(text));
  return found ? std::string(found->manager) : "none";
}

}  // namespace

TEST_CASE("apt-get") {
  CHECK(call("apt-get", "update") == "update-index");
  CHECK(call("apt-get", "install -y --no-install-recommends curl git") ==
        "install curl@3 git@4 | yes no-extras");
  CHECK(call("apt-get", "-qq -y update") == "update-index | yes yes");
  CHECK(call("apt-get", "-q install curl") == "install curl@2");
  CHECK(call("apt-get", "-qqy install curl") == "install curl@2 | yes yes");
  CHECK(call("apt-get", "install -q=2 curl") == "install curl@2 | yes");
  CHECK(call("apt-get", "install nginx=1.18.0-0ubuntu1 php=7.* a/stable libc6:i386=2 x=") ==
        "install nginx=1.18.0-0ubuntu1@1 php~7.*@2 a~/stable@3 libc6=2@4 x@5");
  CHECK(call("apt-get", "install -y ./a.deb /tmp/b.deb c.deb ubuntu-desktop^ vim-") ==
        "install path:./a.deb@2 path:/tmp/b.deb@3 path:c.deb@4 group:ubuntu-desktop@5 | yes");
  CHECK(call("apt-get", "upgrade -y") == "upgrade | yes");
  CHECK(call("apt-get", "purge -y --auto-remove gcc") == "remove gcc@3 | purge yes unneeded");
  CHECK(call("apt-get", "clean") == "clean");
  CHECK(call("apt", "install git") == "install git@1");
  CHECK(call("aptitude", "-y -R install git") == "install git@3 | yes no-extras");
}

TEST_CASE("values of options are no packages") {
  CHECK(
      call("apt-get", "install -t bookworm-backports -o Dpkg::Options::=--force-confnew -y git") ==
      "install git@6 | release=bookworm-backports yes");
  CHECK(call("apt-get", "install --target-release=sid git") == "install git@2 | release=sid");
  CHECK(call("apt-get", "-o APT::Get::Assume-Yes=true -oAPT::Install-Recommends=0 install git") ==
        "install git@4 | yes=APT::Get::Assume-Yes=true no-extras=APT::Install-Recommends=0");
  CHECK(call("apt-get", "-o Acquire::https::Verify-Peer=false update") ==
        "update-index | unverified=Acquire::https::Verify-Peer=false");
  CHECK(call("apk", "add --no-cache --repository http://x/edge -X http://y -t .deps gcc") ==
        "install gcc@8 | no-cache extra=http://x/edge extra=http://y virtual=.deps");
  CHECK(call("pip", "install -c limits.txt -i http://x --find-links y --target z a") ==
        "install a@9 | index=http://x extra=y target=z");
  CHECK(call("npm", "--prefix x install --registry y --loglevel error a") ==
        "install a@7 | target=x index=y");
  CHECK(call("conda", "install -y -c conda-forge -n env numpy") ==
        "install numpy@6 | yes extra=conda-forge target=env");
  CHECK(call("dnf", "--setopt install_weak_deps=False --enablerepo crb install -y gcc") ==
        "install gcc@6 | no-extras=install_weak_deps=False yes");
}

TEST_CASE("what may be the value of an unknown option is no package for sure") {
  CHECK(call("apt-get", "install -y --what curl git") == "install unknown@3 git@4 | yes");
  CHECK(call("apt-get", "install -y --what=x curl") == "install curl@3 | yes");
  CHECK(call("npm", "--what install build a") == "install build@2 a@3");
  CHECK(call("npm", "--what x install a") == "install a@3");
}

TEST_CASE("what is not known before the build") {
  CHECK(call("apt-get", "install -y ? git") == "install unknown@2 git@3 | yes");
  CHECK(call("apt-get", "?") == "none");
  CHECK(call("apt-get", "? git") == "none");
  CHECK(call("apt-get", "-t ? install git") == "install git@3 | release");
  CHECK(call("pip", "install -r ?") == "install unknown@2");
  CHECK(call("gem", "install rails -v ?") == "install rails~@1");
}

TEST_CASE("apk") {
  CHECK(call("apk", "add -U curl=8.5.0-r0 git~2.4 nodejs~=20 x>1 y@edge @z") ==
        "install curl=8.5.0-r0@2 git~~2.4@3 nodejs~~=20@4 x~>1@5 y@6 @7 | update");
  CHECK(call("apk", "--update --no-cache add bash") == "install bash@3 | update no-cache");
  CHECK(call("apk", "add --virtual=.b --allow-untrusted ./x.apk") ==
        "install path:./x.apk@3 | virtual=.b unverified");
  CHECK(call("apk", "del .b") == "remove .b@1");
  CHECK(call("apk", "update") == "update-index");
  CHECK(call("apk", "upgrade -U") == "upgrade | update");
  CHECK(call("apk", "info") == "none");
}

TEST_CASE("managers of RPM packages") {
  CHECK(
      call("yum", "install -y httpd-2.4.6-97.el7 java-1.8.0-openjdk nginx-1.20.1 dotnet-sdk-6.0") ==
      "install httpd=2.4.6-97.el7@2 java-1.8.0-openjdk@3 nginx=1.20.1@4 dotnet-sdk~6.0@5 | yes");
  CHECK(call("yum", "-y groupinstall Development") == "install group:Development@2 | yes");
  CHECK(call("dnf", "install @web https://x/y.rpm glibc.i686 --nogpgcheck --nodocs") ==
        "install group:web@1 url:https://x/y.rpm@2 glibc@3 | unverified no-extras");
  CHECK(call("microdnf", "clean all") == "clean");
  CHECK(call("dnf", "module enable nodejs:20") == "none");
  CHECK(call("dnf", "config-manager --add-repo http://x") == "add-source | extra=http://x");
  CHECK(call("yum", "update -y --refresh") == "upgrade | yes update");
  CHECK(call("rpm", "-Uvh --nosignature http://x/y.rpm") ==
        "install url:http://x/y.rpm@2 | unverified");
  CHECK(call("rpm", "-e --nodeps tzdata") == "remove tzdata@2 | force");
  CHECK(call("rpm", "-qa") == "none");
  CHECK(call("rpm", "--import https://x/key") == "none");
  CHECK(call("zypper", "-n --no-gpg-checks in -y --no-recommends git=2.1 pattern:x") ==
        "install git=2.1@5 group:x@6 | yes unverified yes no-extras");
  CHECK(call("zypper", "ar -G http://x/ name") ==
        "add-source url:http://x/@2 url:name@3 | unverified");
}

TEST_CASE("pacman, dpkg, emerge: an option says what is done") {
  CHECK(call("pacman", "-Sy --noconfirm git") == "install git@2 | update yes");
  CHECK(call("pacman", "-Syu --noconfirm") == "upgrade | update upgrade yes");
  CHECK(call("pacman", "-Sy") == "update-index | update");
  CHECK(call("pacman", "-Scc --noconfirm") == "clean | yes");
  CHECK(call("pacman", "-Rns extra/git") == "remove git@1 | purge unneeded");
  CHECK(call("pacman", "-Ss git") == "none");
  CHECK(call("pacman", "-Q") == "none");
  CHECK(call("pacman", "git") == "none");
  CHECK(call("dpkg", "-i a.deb ?") == "install path:a.deb@1 unknown@2");
  CHECK(call("dpkg", "--add-architecture i386") == "none");
  CHECK(call("dpkg", "-l git") == "none");
  CHECK(call("dpkg", "--purge git") == "remove git@1");
  CHECK(call("emerge", "--sync") == "update-index");
  CHECK(call("emerge", "-uDN @world =dev-vcs/git-2.4 dev-lang/go") ==
        "install group:world@1 dev-vcs/git=2.4@2 dev-lang/go@3 | upgrade");
}

TEST_CASE("pip and its relatives") {
  CHECK(
      call("pip", "install flask==2.0 django>=3,<4 a~=1 b[x,y]==1.* c;python_version<'3' d===1") ==
      "install flask=2.0@1 django~>=3,<4@2 a~~=1@3 b~1.*@4 c@5 d=1@6");
  CHECK(call("pip", "install . ./x a.whl git+https://x/y.git git+https://x/y@0123456789abcdef") ==
        "install path:.@1 path:./x@2 path:a.whl@3 url:git+https://x/y.git@4 "
        "url:git+https://x/y@0123456789abcdef=@5");
  CHECK(call("pip", "install git+https://x/y@v1 git+ssh://u@x/y#egg=y .[dev] a.whl[b] f[a]==1.0") ==
        "install url:git+https://x/y@v1~@1 url:git+ssh://u@x/y#egg=y@2 path:.@3 path:a.whl@4 "
        "f=1.0@5");
  CHECK(call("pip3", "install --no-cache-dir -rbase.txt --requirement dev.txt -e .") ==
        "install list:base.txt@2+2 list:dev.txt@4 path:.@6 | no-cache");
  CHECK(call("pip", "install -U pip --trusted-host x --require-hashes") ==
        "install pip@2 | upgrade trusted-host=x locked");
  CHECK(call("python3", "-m pip install a") == "install a@3");
  CHECK(call("python3.11", "-u -m pip --no-cache-dir install a") == "install a@5 | no-cache");
  CHECK(call("python3", "-m venv install") == "none");
  CHECK(call("python3", "-c pip install a") == "none");
  CHECK(call("pip", "cache purge") == "clean");
  CHECK(call("pip", "config set global.index-url x") == "none");
  CHECK(call("uv", "pip install --system -r x.txt a==1") == "install list:x.txt@4 a=1@5");
  CHECK(call("uv", "sync --frozen --no-dev") == "install | locked no-extras");
  CHECK(call("uv", "add ruff@latest") == "install rufflatest@1");
  CHECK(call("poetry", "install --no-root --only main -n") == "install | no-extras=main yes");
  CHECK(call("poetry", "add django@^4") == "install django~^4@1");
  CHECK(call("pipenv", "install --deploy --system") == "install | locked");
  CHECK(call("pipx", "install poetry==1.8.2") == "install poetry=1.8.2@1");
  CHECK(manager("pip3.11", "install a") == "pip");
  CHECK(manager("python3", "-m pip install a") == "pip");
  CHECK(manager("micromamba", "install a") == "conda");
}

TEST_CASE("conda") {
  CHECK(call("conda", "install numpy=1.11 a=1.2.3 b==1 c=1=py_0 d>=2 conda-forge::e") ==
        "install numpy~1.11@1 a=1.2.3@2 b=1@3 c=1=py_0@4 d~>=2@5 e@6");
  CHECK(call("conda", "env create -f env.yml") == "install list:env.yml@3");
  CHECK(call("conda", "clean -afy") == "clean | yes");
  CHECK(call("conda", "update -n base -c defaults conda") ==
        "upgrade conda@5 | target=base extra=defaults");
  CHECK(call("conda", "config --set ssl_verify false") == "none");
}

TEST_CASE("npm, yarn, pnpm, bun") {
  CHECK(call("npm", "install -g npm@latest yarn@1.22.19 @vue/cli@^4 typescript @a/b@next") ==
        "install npmlatest@2 yarn=1.22.19@3 @vue/cli~^4@4 typescript@5 @a/bnext@6 | global");
  CHECK(call("npm", "install ./x file:y z.tgz user/repo git+ssh://h/p github:a/b npm@9") ==
        "install path:./x@1 path:file:y@2 path:z.tgz@3 url:user/repo@4 url:git+ssh://h/p@5 "
        "url:github:a/b@6 npm~9@7");
  CHECK(call("npm", "ci --omit=dev --ignore-scripts") ==
        "install | locked no-extras=dev no-scripts");
  CHECK(call("npm", "install --production=false --strict-ssl=false") == "install | unverified");
  CHECK(call("npm", "run build") == "none");
  CHECK(call("npm", "cache clean --force") == "clean | force");
  CHECK(call("npm", "") == "none");
  CHECK(call("yarn", "") == "install");
  CHECK(call("yarn", "--frozen-lockfile --production") == "install | locked no-extras");
  CHECK(call("yarn", "--version") == "none");
  CHECK(call("yarn", "build") == "none");
  CHECK(call("yarn", "global add serve") == "install serve@2 | global");
  CHECK(call("pnpm", "add -g x@1.2.3") == "install x=1.2.3@2 | global");
  CHECK(call("bun", "install --frozen-lockfile -p") == "install | locked no-extras");
}

TEST_CASE("other languages") {
  CHECK(call("gem", "install rails -v 7.0.1 --no-document") == "install rails=7.0.1@1 | no-extras");
  CHECK(call("gem", "install a:1.2 b:~>1") == "install a=1.2@1 b~~>1@2");
  CHECK(call("gem", "--version") == "none");
  CHECK(call("bundle", "install --jobs 4 --without development") ==
        "install | no-extras=development");
  CHECK(call("bundle", "-v") == "none");
  CHECK(call("bundle", "exec rake") == "none");
  CHECK(
      call("go", "install -ldflags -s golang.org/x/tools/gopls@latest a/b@v1.2.3 c@master ./...") ==
      "install golang.org/x/tools/goplslatest@3 a/b=v1.2.3@4 cmaster@5 path:./...@6");
  CHECK(call("go", "build -o app main.go") == "install");
  CHECK(call("go", "test ./...") == "none");
  CHECK(call("go", "clean -modcache") == "clean");
  CHECK(call("cargo", "+nightly install --locked cargo-chef@0.1.62 --root /x") ==
        "install cargo-chef=0.1.62@3 | locked target=/x");
  CHECK(call("cargo", "install --version 1.2.3 x") == "install x=1.2.3@3");
  CHECK(call("cargo", "install --git https://x/y --rev abc y") == "install url:https://x/y=@2");
  CHECK(call("composer", "require a/b:^1 c/d 2.0 e/f:1.2.3") ==
        "install a/b~^1@1 c/d=2.0@2 e/f=1.2.3@4");
  CHECK(call("composer", "create-project a/b folder 1.0") == "install a/b@1");
  CHECK(call("pecl", "install -f redis xdebug-3.5.0") == "install redis@2 xdebug=3.5.0@3 | force");
  CHECK(call("pecl", "list") == "none");
  CHECK(call("docker-php-ext-enable", "redis xdebug") == "install redis@0 xdebug@1");
  CHECK(call("docker-php-ext-install", "-j 4 gd") == "install gd@2");
  CHECK(call("install-php-extensions", "xdebug-3.5.0 gd") == "install xdebug=3.5.0@0 gd@1");
  CHECK(call("composer", "install --no-dev -n") == "install | no-extras yes");
  CHECK(call("luarocks", "install a 1.0-1") == "install a=1.0-1@1");
  CHECK(call("dotnet", "tool install -g x --version 1.2.3") == "install x=1.2.3@3 | global");
  CHECK(call("cpanm", "--notest A::B@1.2 C") == "install A::B=1.2@1 C@2");
}

TEST_CASE("xargs gives further packages") {
  CHECK(call("xargs", "apt-get install -y") == "install unknown@0 | yes");
  CHECK(call("xargs", "-a list.txt -r apt-get install -y git") == "install git@6 unknown@3 | yes");
  CHECK(call("xargs", "echo apt-get install git") == "none");
}

TEST_CASE("other programs are no package managers") {
  CHECK(call("echo", "apt-get install git") == "none");
  CHECK(call("apt-cache", "search git") == "none");
  CHECK(call("", "install git") == "none");
  CHECK(call("apt-get", "--version") == "none");
}
