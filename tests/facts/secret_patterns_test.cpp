#include "analysis/facts/secret_patterns.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/catch.h"
#include "tests/seed.h"

// No secret stands here: samples are made of the patterns themselves, or put together, at run time.
namespace bulkhead::facts {
namespace {

const std::string folder = BULKHEAD_SOURCE_DIR;

// A text that a regular expression matches, and where its group is.
struct Sample {
  std::string text;
  std::size_t begin = std::string::npos;
  std::size_t end = 0;

  void add(const Sample& other) {
    if (other.begin != std::string::npos) {
      begin = text.size() + other.begin;
      end = text.size() + other.end;
    }
    text += other.text;
  }
};

// Makes samples of what the table of patterns uses of RE2's syntax.
class Sampler {
 public:
  Sampler(std::string_view regex, Random& random) : regex_(regex), random_(random) {}

  Sample sample() {
    at_ = 0;
    return alternatives();
  }

 private:
  bool accept(std::string_view text) {
    if (!regex_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  Sample alternatives() {
    std::vector<Sample> all;
    std::vector<std::string_view> sources;
    do {
      const std::size_t begin = at_;
      all.push_back(sequence());
      sources.push_back(regex_.substr(begin, at_ - begin));
    } while (accept("|"));
    // The start of the text is not what stands around the sample.
    const std::size_t first = all.size() > 1 && sources[0] == "^" ? 1 : 0;
    return all[first + random_.below(all.size() - first)];
  }

  Sample sequence() {
    Sample whole;
    while (at_ < regex_.size() && regex_[at_] != '|' && regex_[at_] != ')') {
      const std::size_t begin = at_;
      Sample once = atom();
      const std::size_t count = repeats();
      const std::size_t end = at_;
      if (count > 0) whole.add(once);
      for (std::size_t i = 1; i < count; ++i) {
        at_ = begin;
        whole.add(atom());
      }
      at_ = end;
    }
    return whole;
  }

  // How often the atom in front comes.
  std::size_t repeats() {
    std::size_t least = 1;
    std::size_t most = 1;
    if (accept("?")) {
      least = 0;
    } else if (accept("*")) {
      least = 0;
      most = 2;
    } else if (accept("+")) {
      most = 12;
    } else if (accept("{")) {
      least = most = number();
      if (accept(",")) most = regex_[at_] == '}' ? least + 5 : number();
      accept("}");
    } else {
      return 1;
    }
    accept("?");  // the fewest
    return least + random_.below(std::min(most - least, std::size_t{20}) + 1);
  }

  std::size_t number() {
    std::size_t value = 0;
    while (regex_[at_] >= '0' && regex_[at_] <= '9') {
      value = value * 10 + static_cast<std::size_t>(regex_[at_++] - '0');
    }
    return value;
  }

  Sample atom() {
    if (accept("^") || accept("$") || accept("\\b")) return {};
    if (accept("(?:")) {
      Sample inner = alternatives();
      accept(")");
      return inner;
    }
    if (accept("(")) {
      Sample inner = alternatives();
      accept(")");
      return {inner.text, 0, inner.text.size()};
    }
    std::string set;
    if (accept("[")) {
      const bool negated = accept("^");
      while (!accept("]")) add_to(set, true);
      if (negated) set = all_but(set);
    } else {
      add_to(set, false);
    }
    return {std::string(1, set[random_.below(set.size())])};
  }

  // A character, a range or a class, as it may stand in a set.
  void add_to(std::string& set, bool ranges) {
    if (accept("\\s")) {
      set += ' ';
    } else if (accept("\\S") || accept("\\w")) {
      set += letters;
    } else if (accept("\\t")) {
      set += '\t';
    } else if (accept("\\d")) {
      set += "0123456789";
    } else {
      accept("\\");
      const char first = regex_[at_++];
      if (ranges && regex_[at_] == '-' && regex_[at_ + 1] != ']') {
        at_ += 2;
        for (char c = first; c <= regex_[at_ - 1]; ++c) set += c;
      } else {
        set += first;
      }
    }
  }

  static std::string all_but(const std::string& set) {
    std::string rest(letters);
    if (set.find('a') != std::string::npos) rest = ";";
    std::erase_if(rest, [&](char c) { return set.find(c) != std::string::npos; });
    return rest;
  }

  static constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  std::string_view regex_;
  Random& random_;
  std::size_t at_ = 0;
};

// The columns of the table that only tests need.
std::map<std::string, std::string> non_examples() {
  std::map<std::string, std::string> found;
  std::ifstream in(folder + "/analysis/facts/data/secret-patterns.tsv");
  std::string line;
  std::size_t column = 0;
  while (std::getline(in, line)) {
    std::vector<std::string> cells;
    std::istringstream rest(line);
    for (std::string cell; std::getline(rest, cell, '\t');) cells.push_back(cell);
    if (found.empty() && column == 0) {
      column = static_cast<std::size_t>(std::ranges::find(cells, "non_example") - cells.begin());
    } else {
      found[cells.at(0)] = cells.at(column);
    }
  }
  return found;
}

std::vector<std::string> ids(std::string_view text) {
  std::vector<std::string> found;
  for (const SecretValue& value : find_secrets(text)) found.emplace_back(value.pattern->id);
  return found;
}

// Its bytes are those of no real secret.
std::string token(std::string_view prefix, std::size_t size) {
  std::string text(prefix);
  while (text.size() < prefix.size() + size) text += static_cast<char>('a' + text.size() * 7 % 26);
  return text;
}

}  // namespace

TEST_CASE("what looks like each pattern is found, and nothing around it") {
  const std::vector<std::string> nothing{""};
  Random random(random_seed(), nothing, 1);
  for (const SecretPattern& pattern : secret_patterns()) {
    if (pattern.confidence == SecretPattern::Confidence::low) continue;
    CAPTURE(pattern.id);
    Sampler sampler(pattern.regex, random);
    int found = 0;
    std::string missed;
    for (int i = 0; i < 16; ++i) {
      const Sample sample = sampler.sample();
      const std::string text = "first line\n" + sample.text + "\nlast line";
      const auto secrets = find_secrets(text);
      const bool exact = std::ranges::any_of(secrets, [&](const SecretValue& secret) {
        return secret.begin == 11 + sample.begin && secret.end == 11 + sample.end;
      });
      // A random text may have too little entropy, or go on where a word has to end.
      exact ? ++found : (missed = text, 0);
    }
    CAPTURE(missed);
    CHECK(found >= 5);
  }
}

TEST_CASE("what only comes near a pattern is none") {
  const auto examples = non_examples();
  CHECK(examples.size() == secret_patterns().size());
  for (const auto& [id, text] : examples) {
    INFO(id << ": " << text);
    CHECK(ids(text).empty());
  }
}

TEST_CASE("what stands for a secret is none") {
  const std::string x(36, 'x');
  for (const std::string& text : {
           "ENV TOKEN=ghp_" + x,
           std::string("ENV KEY=AKIA") + "IOSFODNN7EXAMPLE",
           std::string("https://user:password@example.com"),
           std::string("https://user:changeme@example.com"),
           std::string("https://user:<token>@example.com"),
           std::string("https://{{user}}:{{token}}@example.com"),
           std::string("https://$USER:$TOKEN@example.com"),
           std::string("password = $(cat /run/secrets/x)"),
           std::string("curl -u user:%PASSWORD% https://example.com"),
           std::string("-----BEGIN ") + "PRIVATE KEY-----",
           std::string("docker run --token <your-token>"),
           std::string("# either `curl -u user:password` or curl -u user:password, as you like"),
           std::string("[ $DB_PASSWORD = other ] && login"),
           std::string("bcrypt(password = config.password)"),
           std::string("/etc/passwd:/etc/passwd:ro"),
       }) {
    INFO(text);
    CHECK(ids(text).empty());
  }
}

TEST_CASE("a value beside a name counts where the name speaks of a secret") {
  const std::string value = token("", 6) + "71" + token("Q", 15);
  CHECK(ids("db.password=" + value) == std::vector<std::string>{"generic-password-assignment"});
  CHECK(ids("api_key: '" + value + "'") == std::vector<std::string>{"generic-secret-assignment"});
  CHECK(ids("token_url=" + value).empty());
  CHECK(ids("password_file=" + value).empty());
  CHECK(ids("public_key=" + value).empty());
}

TEST_CASE("several secrets are found in order, each once") {
  const std::string github = token(
      "ghp"
      "_",
      36);
  const std::string text = "a " + github + " b https://me:" + github + "@github.com/x -p " + github;
  const auto secrets = find_secrets(text);
  REQUIRE(secrets.size() == 3);
  for (const SecretValue& secret : secrets) {
    CHECK(text.substr(secret.begin, secret.end - secret.begin) == github);
    CHECK(secret.pattern->id == "github-pat");
  }
}

TEST_CASE("a key block is found to its end, and a header alone is none") {
  const std::string header = std::string("-----BEGIN RSA ") + "PRIVATE KEY-----";
  std::string body;
  for (int line = 0; line < 60; ++line) body += token("M", 63) + "\n";
  const std::string footer = std::string("-----END RSA ") + "PRIVATE KEY-----";
  const std::string block = header + "\n" + body + footer;
  const auto secrets = find_secrets("RUN echo '" + block + "' > key");
  REQUIRE(secrets.size() == 1);
  CHECK(secrets[0].begin == 10);
  CHECK(secrets[0].end == 10 + block.size());
  CHECK(ids("RUN grep -q '" + header + "' /run/secrets/key").empty());
}

TEST_CASE("a secret is shown by three characters at most") {
  CHECK(redacted(token("ghp"
                       "_",
                       36)) == "ghp… (40 characters)");
  CHECK(redacted("hunter2") == "*** (7 characters)");
}

TEST_CASE("twice the text takes twice the time, whatever stands in it") {
  const auto repeated = [](std::string_view text, std::size_t size) {
    std::string out;
    while (out.size() < size) out += text;
    return out;
  };
  std::string keywords;
  for (const char* word :
       {"ghp_", "://", "@", "password=", "curl -u a:", "eyj.ey", "vault", "sk", "-us", "!", "."}) {
    keywords += word;
  }
  const std::vector<std::string> texts{"a",
                                       ".",
                                       "!",
                                       "://",
                                       "://a:",
                                       "://a@",
                                       "password=",
                                       "curl -u ",
                                       "curl -p",
                                       "heroku",
                                       "ey.ey",
                                       "-----begin",
                                       "-----BEGIN A PRIVATE KEY-----",
                                       token("ghp"
                                             "_",
                                             36),
                                       token("ghp"
                                             "_",
                                             36) +
                                           " ",
                                       "LoginModule required password=",
                                       "\"auth\":",
                                       "docker login -p a ",
                                       keywords,
                                       keywords + " "};
  constexpr std::size_t size = 200'000;
  const auto time_of = [&](const std::string& text) {
    std::clock_t best = 0;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t begin = std::clock();
      find_secrets(text);
      const std::clock_t time = std::clock() - begin;
      best = i == 0 ? time : std::min(best, time);
    }
    return static_cast<double>(best) / CLOCKS_PER_SEC;
  };
  for (const std::string& text : texts) {
    const double half = time_of(repeated(text, size / 2));
    const double whole = time_of(repeated(text, size));
    CAPTURE(text.substr(0, 4), half, whole);
    CHECK(whole <= 3 * half + 0.02);
  }
}

// Nor does any stand in the project: what its tests and examples show as passwords says that it is none.
TEST_CASE("the project's own tree has no secret") {
  namespace fs = std::filesystem;
  const auto is_skipped = [](const fs::path& path) {
    const std::string name = path.filename().string();
    return name == ".git" || name == "build" || name == "node_modules" || name == "out";
  };
  std::size_t files = 0;
  for (auto entry = fs::recursive_directory_iterator(folder);
       entry != fs::recursive_directory_iterator(); ++entry) {
    if (is_skipped(entry->path())) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || is_skipped(entry->path())) continue;
    std::ifstream in(entry->path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    ++files;
    for (const SecretValue& secret : find_secrets(text)) {
      const std::string value = text.substr(secret.begin, secret.end - secret.begin);
      const bool is_password = secret.pattern->kind == SecretPattern::Kind::place ||
                               secret.pattern->kind == SecretPattern::Kind::argument;
      const bool is_fake = std::ranges::any_of(
          std::vector<std::string>{"hunter2", "not-a-", "real-one", "123456"},
          [&](const std::string& fake) { return value.find(fake) != std::string::npos; });
      INFO(entry->path().string() << ": " << secret.pattern->id);
      CHECK((is_password && is_fake));
    }
  }
  CHECK(files > 500);
}

TEST_CASE("a line of 10 MB") {
  const std::string secret = token(
      "ghp"
      "_",
      36);
  const std::string text =
      std::string(5'000'000, '.') + " " + secret + " " + std::string(5'000'000, '!');
  const auto secrets = find_secrets(text);
  REQUIRE(secrets.size() == 1);
  CHECK(secrets[0].begin == 5'000'001);
}

}  // namespace bulkhead::facts
