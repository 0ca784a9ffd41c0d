// Makes constants of the tables in analysis/facts/data: `generate_facts DATA_FOLDER OUTPUT.cpp`.
// Run by the build. Whatever it does not understand ends it with `file:line: what is wrong`, so
// that data that were refreshed in another form cannot be misread in silence.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Strings = std::vector<std::string>;

struct Place {
  std::string file;
  std::size_t line = 0;
};

[[noreturn]] void fail(const Place& place, const std::string& message) {
  std::cerr << place.file << ':' << place.line << ": " << message << '\n';
  std::exit(1);
}

Strings split(const std::string& text, char separator) {
  Strings parts{""};
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail({path, 0}, "cannot be read");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// A cell of "-" means none.
struct Row {
  Place place;
  std::map<std::string, std::string> cells;

  const std::string& raw(const std::string& column) const {
    const auto cell = cells.find(column);
    if (cell == cells.end()) fail(place, "no column " + column);
    return cell->second;
  }
  std::string get(const std::string& column) const {
    const std::string& cell = raw(column);
    return cell == "-" ? "" : cell;
  }
  // One of the words that are allowed in the column.
  const std::string& one_of(const std::string& column, const std::set<std::string>& words) const {
    const std::string& cell = raw(column);
    if (!words.contains(cell)) fail(place, "`" + cell + "` is no value of column " + column);
    return cell;
  }
  bool yes(const std::string& column) const { return one_of(column, {"yes", "no"}) == "yes"; }
};

std::vector<Row> read_table(const std::string& path) {
  std::vector<Row> rows;
  std::istringstream in(read_file(path));
  Strings header;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const Place place{path, number};
    const Strings cells = split(line, '\t');
    if (std::ranges::find(cells, "") != cells.end()) fail(place, "empty cell: write `-` for none");
    if (header.empty()) {
      header = cells;
      continue;
    }
    if (cells.size() != header.size()) {
      fail(place, std::to_string(cells.size()) + " cells under " + std::to_string(header.size()) +
                      " columns");
    }
    Row& row = rows.emplace_back(Row{place, {}});
    for (std::size_t i = 0; i < cells.size(); ++i) row.cells[header[i]] = cells[i];
  }
  if (rows.empty()) fail({path, 1}, "no rows");
  return rows;
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// --- Dates -------------------------------------------------------------------------------------

std::string date(const Place& place, const std::string& text) {
  const bool well_formed =
      text.size() == 10 && text[4] == '-' && text[7] == '-' && std::ranges::count(text, '-') == 2 &&
      std::ranges::count_if(text, [](unsigned char c) { return std::isdigit(c) != 0; }) == 8;
  if (!well_formed) fail(place, "`" + text + "` is no date: YYYY-MM-DD");
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::to_string(std::stoi(text.substr(at, size)));
  };
  return "day(" + number(0, 4) + ", " + number(5, 2) + ", " + number(8, 2) + ")";
}

// The numbers of a version; none when it has something else in it.
std::vector<int> numbers(const std::string& version) {
  std::vector<int> found;
  for (const std::string& part : split(version, '.')) {
    if (part.empty() || part.size() > 9 ||
        part.find_first_not_of("0123456789") != std::string::npos) {
      return {};
    }
    found.push_back(std::stoi(part));
  }
  return found;
}

std::string end(const Row& row, const std::string& column) {
  const std::string& cell = row.raw(column);
  if (cell == "no" || cell == "-") return "none";
  if (cell == "yes") return "past";
  return "on(" + date(row.place, cell) + ")";
}

// --- Regular expressions -----------------------------------------------------------------------

// Those of the data have one shape, and it needs no engine:
//   ^ or (^|-), then a body, then ([set].*)?$ or (-.*)?$ or (-|$); or .* alone.
// The body is literals, `x?`, `(a|b)`, `(a)?`, and may end in (\.\d+)? or (u\d+)?.
class PatternReader {
 public:
  PatternReader(const Place& place, std::string regex) : place_(place), regex_(std::move(regex)) {}

  std::string read(bool at_start) {
    if (at_start && regex_ == ".*") return R"({"", 0, ""})";
    expect(at_start ? "^" : "(^|-)");
    Strings literals = sequence();
    std::string number = "0";
    if (accept(R"((\.\d+)?)")) number = "'.'";
    if (accept(R"((u\d+)?)")) number = "'u'";
    const std::string ends = boundary();
    if (at_ != regex_.size()) refuse();
    // The longest first, so that the first that fits is the one that is meant.
    std::ranges::stable_sort(literals, std::ranges::greater{}, &std::string::size);
    std::string joined;
    for (const std::string& text : literals) {
      if (text.empty() || text.find('|') != std::string::npos) refuse();
      joined += (joined.empty() ? "" : "|") + text;
    }
    return "{" + literal(joined) + ", " + number + ", " + literal(ends) + "}";
  }

 private:
  [[noreturn]] void refuse() const {
    fail(place_, "the generator does not know this shape of regular expression: " + regex_ +
                     " (at character " + std::to_string(at_ + 1) + ")");
  }
  bool accept(std::string_view text) {
    if (!std::string_view(regex_).substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) refuse();
  }
  bool at_tail() const {
    const std::string_view rest = std::string_view(regex_).substr(at_);
    return rest.starts_with(R"((\.\d+)?)") || rest.starts_with(R"((u\d+)?)") ||
           rest.starts_with("([") || rest.starts_with("(-.*)?$") || rest.starts_with("(-|$)");
  }

  std::string boundary() {
    if (accept("(-|$)") || accept("(-.*)?$")) return "-";
    expect("([");
    std::string set;
    while (at_ < regex_.size() && regex_[at_] != ']') set += regex_[at_++];
    expect("].*)?$");
    // A '-' is itself only at the end of a set, and there is nothing else to escape.
    const auto dash = set.find('-');
    if (set.empty() || set.find('\\') != std::string::npos || set.front() == '^' ||
        (dash != std::string::npos && dash + 1 != set.size())) {
      refuse();
    }
    return set;
  }

  // All texts that the atoms up to the tail or a `|` or `)` can stand for.
  Strings sequence() {
    Strings texts{""};
    while (at_ < regex_.size() && !at_tail() && regex_[at_] != '|' && regex_[at_] != ')') {
      Strings atoms = atom();
      if (accept("?")) atoms.emplace_back();
      Strings longer;
      for (const std::string& text : texts) {
        for (const std::string& next : atoms) longer.push_back(text + next);
      }
      texts = std::move(longer);
    }
    return texts;
  }
  Strings atom() {
    if (accept("(")) {
      Strings all = sequence();
      while (accept("|")) {
        for (std::string& text : sequence()) all.push_back(std::move(text));
      }
      expect(")");
      return all;
    }
    if (accept(R"(\.)")) return {"."};
    const char c = regex_[at_];
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') refuse();
    ++at_;
    return {std::string(1, c)};
  }

  const Place& place_;
  std::string regex_;
  std::size_t at_ = 0;
};

// --- The tables --------------------------------------------------------------------------------

class Generator {
 public:
  Generator(std::string folder, std::ostream& out) : folder_(std::move(folder)), out_(out) {}

  void run() {
    out_ << R"(// Made by tools/facts/generate.cpp of analysis/facts/data; not to be edited.
#include "analysis/facts/tables.h"

namespace bulkhead::facts::tables {
namespace {

constexpr Date day(int year, unsigned month, unsigned day_of_month) {
  return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day_of_month)};
}
constexpr End on(Date date) { return {End::Kind::on, date}; }
constexpr End none{End::Kind::none, {}};
constexpr End past{End::Kind::past, {}};

)";
    base_images();
    users();
    end_of_life();
    tag_forms();
    names();
    value_forms();
    secret_patterns();
    sensitive_files();
    credential_readers();
    credential_file_variables();
    ecosystems();
    flags();
    mount_options();
    signals();
    platforms();
    ports();
    registries();
    system_paths();
    trusted_paths();
    capabilities();
    sdk_images();
    build_images();
    build_variables();
    package_managers();
    slim_lacks();
    image_programs();
    risky_packages();
    release_packages();
    remote_servers();
    development_words();
    project_folders();
    servers();
    development_installs();
    debug_switches();
    telemetry_switches();
    tls_switches();
    open_servers();
    offline_installs();
    file_variables();
    image_purposes();
    credential_arguments();
    credential_variables("registry_variables", "registry-variables.tsv");
    credential_variables("credential_variables", "credential-variables.tsv");
    rule_names();
    out_ << "}  // namespace\n\n" << spans_.str() << "\n}  // namespace bulkhead::facts::tables\n";
  }

 private:
  std::vector<Row> table(const std::string& file) const { return read_table(folder_ + '/' + file); }

  void open(const std::string& type, const std::string& name) {
    out_ << "constexpr " << type << ' ' << name << "_rows[] = {\n";
    spans_ << "constinit const std::span<const " << type << "> " << name << '{' << name
           << "_rows};\n";
  }
  void close() { out_ << "};\n\n"; }

  // Images are looked up by familiar name.
  static std::string image_glob(const Row& row, const std::string& glob) {
    for (const char* prefix : {"docker.io/", "library/", "index.docker.io/"}) {
      if (glob.starts_with(prefix)) fail(row.place, "write `" + glob + "` without " + prefix);
    }
    return glob;
  }
  void once(const Row& row, const std::string& key) {
    if (!keys_[row.place.file].insert(key).second) fail(row.place, "second row for " + key);
  }
  static std::string evidence(const Row& row, const std::string& column) {
    return "Evidence::" + row.one_of(column, {"known", "verified"});
  }

  void base_images() {
    open("BaseImage", "base_images");
    for (const Row& row : table("base-images.tsv")) {
      const std::string image = image_glob(row, row.get("image"));
      once(row, image);
      std::string user = row.get("default_user");
      std::string runtime = user;
      if (const auto arrow = user.find("->"); arrow != std::string::npos) {
        runtime = user.substr(arrow + 2);
        user.resize(arrow);
      }
      out_ << "    {" << literal(image) << ", Publisher::"
           << row.one_of("publisher", {"official", "removed", "reserved", "vendor", "community"})
           << ", Deprecation::" << row.one_of("deprecated", {"yes", "no", "stale"}) << ", "
           << literal(row.get("replacement")) << ", " << literal(row.get("successor"))
           << ", SuccessorTag::"
           << (row.get("successor").empty() ? "none"
                                            : row.one_of("successor_tag", {"same", "nearest"}))
           << ", " << literal(user) << ", " << literal(runtime) << ", "
           << evidence(row, "user_source") << ", " << (row.yes("shell") ? "true" : "false");
      for (const char* column :
           {"libc", "package_manager", "distribution", "variants", "serves", "note"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << "},\n";
    }
    close();
  }

  static std::string number(const Row& row, const std::string& column) {
    const std::string cell = row.get(column);
    if (cell.empty()) return "std::nullopt";
    if (cell.size() > 10 || cell.find_first_not_of("0123456789") != std::string::npos) {
      fail(row.place, "`" + cell + "` is no number");
    }
    return cell + "u";
  }

  void users() {
    open("User", "users");
    for (const Row& row : table("image-users.tsv")) {
      const std::string image = image_glob(row, row.get("image_glob"));
      once(row, image + ' ' + row.raw("user") + ' ' + row.raw("since"));
      if (row.get("since").find_first_not_of("0123456789.") != std::string::npos) {
        fail(row.place, "`" + row.get("since") + "` is no version");
      }
      out_ << "    {" << literal(image) << ", " << literal(row.get("since")) << ", {"
           << literal(row.get("user")) << ", " << number(row, "uid") << ", " << number(row, "gid")
           << ", " << (row.yes("default") ? "true" : "false") << ", "
           << (image.starts_with('@') || image == "*" ? "true" : "false") << ", "
           << evidence(row, "source") << ", " << literal(row.get("note")) << "}},\n";
    }
    close();
  }

  void end_of_life() {
    // Rows of the same product and images stand together.
    std::vector<std::vector<Row>> products;
    std::string newest = "0000-00-00";
    for (const Row& row : table("eol.tsv")) {
      once(row, row.get("product") + ' ' + row.get("cycle"));
      const auto same = [&](const Row& other, const char* column) {
        return row.raw(column) == other.raw(column);
      };
      if (products.empty() || !same(products.back().front(), "product") ||
          !same(products.back().front(), "images")) {
        products.emplace_back();
      }
      products.back().push_back(row);
      newest = std::max(newest, row.get("latest_released"));
    }
    std::map<std::string, std::string> cycles;  // "product cycle" -> "&product, &cycle"
    std::ostringstream rows;
    for (std::size_t i = 0; i < products.size(); ++i) {
      const std::string name = "cycles_" + std::to_string(i);
      out_ << "constexpr Cycle " << name << "[] = {\n";
      for (std::size_t j = 0; j < products[i].size(); ++j) {
        const Row& row = products[i][j];
        out_ << "    {{" << literal(row.get("product")) << ", " << literal(row.get("cycle")) << ", "
             << literal(row.get("codename")) << ", " << (row.yes("lts") ? "true" : "false") << ", "
             << date(row.place, row.get("released")) << ", " << end(row, "eol") << ", "
             << end(row, "eol_extended") << ", " << literal(row.get("latest")) << "}, "
             << PatternReader(row.place, row.get("tag_re")).read(true) << "},\n";
        cycles[row.get("product") + ' ' + row.get("cycle")] =
            "&products_rows[" + std::to_string(i) + "], &" + name + '[' + std::to_string(j) + ']';
      }
      out_ << "};\n\n";
      const Row& first = products[i].front();
      for (const std::string& image : split(first.get("images"), ',')) image_glob(first, image);
      rows << "    {" << literal(first.get("product")) << ", " << literal(first.get("images"))
           << ", " << name << ", " << before(products[i]) << "},\n";
    }
    open("Product", "products");
    out_ << rows.str();
    close();

    open("TagPart", "tag_parts");
    for (const Row& row : table("eol-tag-suffixes.tsv")) {
      once(row, row.get("tag_part_re"));
      const auto cycle = cycles.find(row.get("product") + ' ' + row.get("cycle"));
      if (cycle == cycles.end()) fail(row.place, "eol.tsv has no such cycle");
      out_ << "    {" << PatternReader(row.place, row.get("tag_part_re")).read(false) << ", "
           << cycle->second << "},\n";
    }
    close();
    spans_ << "constinit const Date end_of_life_snapshot = "
           << date({folder_ + "/eol.tsv", 1}, newest) << ";\n";
  }

  // What is older than all cycles of the product, or an empty pair: where cycles are no versions,
  // or where the end of the oldest is not known, nothing can be said of what was before it.
  static std::string before(const std::vector<Row>& cycles) {
    const Row* oldest = nullptr;
    for (const Row& row : cycles) {
      const auto version = numbers(row.get("cycle"));
      if (version.empty()) return "{}, {}";
      if (oldest == nullptr || version < numbers(oldest->get("cycle"))) oldest = &row;
    }
    if (end(*oldest, "eol") == "none") return "{}, {}";
    const std::string cycle = oldest->get("cycle");
    return literal(cycle) + ", {{" + literal(oldest->get("product")) + ", " +
           literal("before " + cycle) + ", \"\", false, day(1970, 1, 1), past, none, \"\"}, {}}";
  }

  void tag_forms() {
    const std::map<std::string, std::string> forms{{"latest", "latest"},
                                                   {"v-latest", "v_latest"},
                                                   {"cycle.0", "cycle_zero"},
                                                   {"none", "none"}};
    open("TagForm", "tag_forms");
    for (const Row& row : table("eol-tag-forms.tsv")) {
      const std::string image = image_glob(row, row.get("image_glob"));
      once(row, image);
      const auto form = forms.find(row.get("form"));
      if (form == forms.end()) fail(row.place, "`" + row.get("form") + "` is no form of a tag");
      out_ << "    {" << literal(image) << ", Form::" << form->second << "},\n";
    }
    close();
  }

  void names() {
    const std::array<std::pair<std::string, std::string>, 6> matches{{{"exact", "exact"},
                                                                      {"first", "first"},
                                                                      {"phrase", "phrase"},
                                                                      {"word", "word"},
                                                                      {"word-end", "word_end"},
                                                                      {"word-last", "word_last"}}};
    std::map<std::pair<std::string, std::size_t>, std::string> sorted;
    for (const Row& row : table("secret-names.tsv")) {
      const std::string word = row.get("word");
      once(row, word + ' ' + row.raw("match"));
      const auto match =
          std::ranges::find(matches, row.raw("match"), &std::pair<std::string, std::string>::first);
      if (match == matches.end()) fail(row.place, "`" + row.raw("match") + "` is no match");
      if (std::ranges::any_of(word, [](unsigned char c) { return std::isupper(c) != 0; })) {
        fail(row.place, "words are in lower case");
      }
      if (match->first.starts_with("word") && word.find('_') != std::string::npos) {
        fail(row.place, "a word has no `_`: `phrase` is meant");
      }
      const std::string strength = row.one_of("strength", {"low", "medium", "high"});
      const bool allow = row.one_of("verdict", {"allow", "secret"}) == "allow";
      sorted[{word, static_cast<std::size_t>(match - matches.begin())}] =
          literal(word) + ", NameMatch::" + match->second + ", " + (allow ? "true" : "false") +
          ", Strength::" + strength;
    }
    open("Name", "names");
    for (const auto& [key, entry] : sorted) out_ << "    {" << entry << "},\n";
    close();
  }

  void value_forms() {
    open("ValueForm", "value_forms");
    for (const Row& row : table("value-forms.tsv")) {
      once(row, row.get("text"));
      out_ << "    {" << literal(row.get("text"))
           << ", ValueMatch::" << row.one_of("match", {"equals", "prefix", "contains", "suffix"})
           << ", ValueKind::" << row.one_of("kind", {"reference", "dummy", "known", "plain"})
           << "},\n";
    }
    close();
  }

  // All keywords are looked for at once: an automaton (Aho and Corasick) that steps from byte to byte,
  // whatever the case of letters, and knows in each state which keywords end there.
  void secret_patterns() {
    const std::vector<Row> rows = table("secret-patterns.tsv");
    std::vector<std::pair<std::string, std::size_t>> keywords;  // with the row of the pattern
    open("SecretPattern", "secret_patterns");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      once(row, row.get("id"));
      require_one_group(row);
      for (const std::string& keyword : split(row.get("keywords"), ',')) {
        if (keyword.empty() || std::ranges::any_of(keyword, [](unsigned char c) {
              return std::isupper(c) != 0 || c > 0x7E;
            })) {
          fail(row.place, "keywords are in lower case, and there is at least one");
        }
        keywords.emplace_back(keyword, i);
      }
      const std::string entropy = row.get("min_entropy");
      if (entropy.size() > 3 || entropy.find_first_not_of("0123456789.") != std::string::npos) {
        fail(row.place, "`" + entropy + "` is no entropy");
      }
      const auto run = row.get("run").empty() ? std::vector{0} : numbers(row.get("run"));
      if (run.size() != 1) fail(row.place, "`" + row.get("run") + "` is no size");
      out_ << "    {" << literal(row.get("id")) << ", " << literal(row.get("what"))
           << ", SecretPattern::Kind::"
           << row.one_of("kind", {"format", "named", "place", "argument"}) << ", "
           << literal(row.get("regex")) << ", "
           << (row.one_of("flags", {"-", "i"}) == "i" ? "true" : "false") << ", "
           << literal(row.get("also")) << ", " << run[0] << ", "
           << (entropy.empty() ? "0" : entropy)
           << ", SecretPattern::Confidence::" << row.one_of("confidence", {"low", "medium", "high"})
           << "},\n";
    }
    close();
    automaton(keywords);
  }

  static void require_one_group(const Row& row) {
    const std::string& regex = row.raw("regex");
    std::size_t groups = 0;
    bool in_set = false;
    for (std::size_t i = 0; i < regex.size(); ++i) {
      if (regex[i] == '\\') {
        ++i;
      } else if (in_set) {
        in_set = regex[i] != ']';
      } else if (regex[i] == '[') {
        in_set = true;
      } else if (regex[i] == '(' && regex.compare(i + 1, 1, "?") != 0) {
        ++groups;
      }
    }
    if (groups != 1) fail(row.place, "one group of the expression is the secret");
  }

  void automaton(const std::vector<std::pair<std::string, std::size_t>>& keywords) {
    // Bytes that no keyword has are all alike.
    std::array<std::size_t, 256> classes{};
    std::size_t count = 1;
    for (const auto& [keyword, pattern] : keywords) {
      for (const unsigned char c : keyword) {
        if (classes[c] != 0) continue;
        classes[c] = count++;
        if (std::isalpha(c) != 0) classes[static_cast<std::size_t>(std::toupper(c))] = classes[c];
      }
    }
    struct State {
      std::vector<std::size_t> next;
      std::vector<std::size_t> keywords = {};
      std::size_t fallback = 0;
    };
    std::vector<State> states{{std::vector<std::size_t>(count)}};
    for (std::size_t i = 0; i < keywords.size(); ++i) {
      std::size_t at = 0;
      for (const unsigned char c : keywords[i].first) {
        std::size_t next = states[at].next[classes[c]];
        if (next == 0) {
          next = states.size();
          states[at].next[classes[c]] = next;
          states.push_back({std::vector<std::size_t>(count)});
        }
        at = next;
      }
      states[at].keywords.push_back(i);
    }
    if (states.size() > 0xFFFF) fail({"secret-patterns.tsv", 1}, "too many keywords");
    // Where a keyword cannot go on, another one may have begun: nearest to the start first.
    std::vector<std::size_t> order{0};
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::size_t at = order[i];
      const std::size_t fallback = states[at].fallback;
      if (at != 0) {
        const auto& more = states[fallback].keywords;
        states[at].keywords.insert(states[at].keywords.end(), more.begin(), more.end());
      }
      for (std::size_t c = 0; c < count; ++c) {
        std::size_t& next = states[at].next[c];
        const std::size_t other = at == 0 ? 0 : states[fallback].next[c];
        if (next == 0) {
          next = other;
        } else {
          states[next].fallback = other;
          order.push_back(next);
        }
      }
    }

    // Those in which keywords end come last, so that they are told from the others by their number.
    std::vector<std::size_t> in_order(states.size());
    std::iota(in_order.begin(), in_order.end(), std::size_t{0});
    std::ranges::stable_partition(in_order,
                                  [&](std::size_t i) { return states[i].keywords.empty(); });
    std::vector<std::size_t> numbers(states.size());
    for (std::size_t i = 0; i < in_order.size(); ++i) numbers[in_order[i]] = i;

    open("std::uint8_t", "keyword_classes");
    for (const std::size_t c : classes) out_ << c << ",";
    close();
    open("std::uint16_t", "keyword_steps");
    for (const std::size_t i : in_order) {
      for (const std::size_t next : states[i].next) out_ << numbers[next] << ",";
      out_ << '\n';
    }
    close();
    std::ostringstream ends;
    std::size_t sum = 0;
    open("SecretKeyword", "secret_keywords");
    for (const std::size_t at : in_order) {
      ends << sum << ",";
      sum += states[at].keywords.size();
      for (const std::size_t i : states[at].keywords) {
        out_ << "    {" << keywords[i].second << ", " << keywords[i].first.size() << "},\n";
      }
    }
    close();
    open("std::uint16_t", "keyword_ends");
    out_ << ends.str() << sum << "\n";
    close();
  }

  // A word of the data as an enumerator.
  static std::string enumerator(const Row& row, const std::string& column,
                                const std::set<std::string>& words) {
    std::string word = row.one_of(column, words);
    std::replace(word.begin(), word.end(), '-', '_');
    return word;
  }

  void sensitive_files() {
    open("SensitiveFile", "sensitive_files");
    for (const Row& row : table("sensitive-files.tsv")) {
      const std::string glob = row.get("glob");
      once(row, glob);
      if (glob.find_first_of("[?\\") != std::string::npos) fail(row.place, "globs know `*` only");
      out_ << "    {" << literal(glob) << ", FileKind::"
           << enumerator(row, "kind",
                         {"secret", "vcs", "backup", "data", "temp", "editor", "lock", "ci",
                          "docker", "dependency", "build-output"})
           << ", FileForm::" << row.one_of("form", {"file", "folder", "any"})
           << ", Strength::" << row.one_of("risk", {"low", "medium", "high"}) << ", "
           << (row.yes("usual") ? "true" : "false") << ", " << literal(row.get("what")) << ", "
           << literal(row.get("exceptions")) << "},\n";
    }
    close();
  }

  std::set<std::string> sensitive_globs() {
    std::set<std::string> globs;
    for (const Row& row : table("sensitive-files.tsv")) globs.insert(row.get("glob"));
    return globs;
  }

  void credential_readers() {
    const std::set<std::string> files = sensitive_globs();
    open("CredentialReaders", "credential_readers");
    for (const Row& row : table("credential-readers.tsv")) {
      once(row, row.get("file"));
      out_ << "    {" << literal(row.one_of("file", files)) << ", " << literal(row.get("programs"))
           << "},\n";
    }
    close();
  }

  void credential_file_variables() {
    const std::set<std::string> files = sensitive_globs();
    open("CredentialFileVariable", "credential_file_variables");
    for (const Row& row : table("credential-file-variables.tsv")) {
      once(row, row.get("variable"));
      out_ << "    {" << literal(row.get("variable")) << ", " << literal(row.one_of("file", files))
           << "},\n";
    }
    close();
  }

  void ports() {
    open("Port", "ports");
    for (const Row& row : table("ports.tsv")) {
      once(row, row.get("port"));
      const std::string protocol = row.one_of("protocol", {"tcp", "udp", "any"});
      out_ << "    {" << number(row, "port") << ", " << (protocol != "udp" ? "true" : "false")
           << ", " << (protocol != "tcp" ? "true" : "false") << ", " << literal(row.get("service"))
           << ", PortKind::"
           << enumerator(row, "class",
                         {"clear-text", "container-api", "database", "debug", "development",
                          "file-share", "infrastructure", "mail", "proxy", "remote-admin",
                          "remote-desktop", "web", "web-admin"})
           << ", Risk::" << row.one_of("risk", {"info", "low", "medium", "high", "critical"})
           << ", " << literal(row.get("why")) << "},\n";
    }
    close();
  }

  void registries() {
    open("Registry", "registries");
    for (const Row& row : table("registries.tsv")) {
      once(row, row.get("registry_glob"));
      out_ << "    {" << literal(row.get("registry_glob")) << ", Trust::"
           << enumerator(row, "trust",
                         {"official", "official-mirror", "verified-publisher", "sponsored-oss",
                          "vendor", "vendor-partner", "project", "community", "customer", "local",
                          "unverified", "deprecated"})
           << ", " << literal(row.get("operator")) << "},\n";
    }
    close();
  }

  void capabilities() {
    open("Capability", "capabilities");
    for (const Row& row : table("capabilities.tsv")) {
      once(row, row.raw("capability"));
      out_ << "    {" << literal(row.get("capability")) << ", "
           << (row.yes("of_containers") ? "true" : "false") << ", " << literal(row.get("what"))
           << "},\n";
    }
    close();
  }

  void package_managers() {
    open("PackageManager", "package_managers");
    for (const Row& row : table("package-managers.tsv")) {
      once(row, row.get("manager"));
      const std::string pin = row.get("pin");
      const bool is_template =
          pin.find("NAME") != std::string::npos && pin.find("VERSION") != std::string::npos;
      if (!pin.empty() && !is_template) fail(row.place, "a pin has NAME and VERSION");
      out_ << "    {" << literal(row.get("manager")) << ", " << literal(row.get("family")) << ", "
           << (row.one_of("kind", {"system", "language"}) == "system" ? "true" : "false");
      for (const char* column :
           {"assume_yes", "no_extras", "no_cache", "clean", "caches", "pin", "locked"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << "},\n";
    }
    close();
  }

  void system_paths() {
    open("SystemPath", "system_paths");
    for (const Row& row : table("system-paths.tsv")) {
      const std::string path = row.get("path");
      once(row, path);
      if (!path.starts_with('/')) fail(row.place, "paths are absolute");
      out_ << "    {" << literal(path) << ", PathKind::"
           << row.one_of("kind", {"root", "kernel", "system", "socket", "host", "written"}) << ", "
           << literal(row.get("what")) << "},\n";
    }
    close();
  }

  void trusted_paths() {
    open("TrustedPath", "trusted_paths");
    for (const Row& row : table("trusted-paths.tsv")) {
      once(row, row.get("path"));
      out_ << "    {" << literal(row.get("path"))
           << ", TrustedPath::Kind::" << row.one_of("kind", {"file", "folder", "tree"}) << ", "
           << literal(row.get("what")) << "},\n";
    }
    close();
  }

  void slim_lacks() {
    open("SlimLack", "slim_lacks");
    for (const Row& row : table("slim-lacks.tsv")) {
      once(row, row.get("program"));
      out_ << "    {" << literal(row.get("program")) << ", " << literal(row.get("package"))
           << "},\n";
    }
    close();
  }

  void image_programs() {
    open("ImagePrograms", "image_programs");
    for (const Row& row : table("image-programs.tsv")) {
      once(row, row.get("image") + ' ' + row.get("programs"));
      require_source(row);
      out_ << "    {" << list(row, "image") << ", " << list(row, "except") << ", "
           << list(row, "programs") << ", " << literal(row.get("until")) << "},\n";
    }
    close();
  }

  void risky_packages() {
    open("RiskyPackage", "risky_packages");
    std::set<std::string> families;
    for (const Row& row : table("package-managers.tsv")) families.insert(row.get("family"));
    for (const Row& row : table("risky-packages.tsv")) {
      once(row, row.get("family") + ' ' + row.get("package"));
      out_ << "    {" << literal(row.get("package")) << ", "
           << literal(row.one_of("family", families)) << ", PackageKind::"
           << row.one_of("kind", {"build_tool", "community_repository", "debug_tool",
                                  "php_debugger", "remote_server"});
      for (const char* column : {"what", "programs", "instead"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << "},\n";
    }
    close();
  }

  void release_packages() {
    open("ReleasePackage", "release_packages");
    for (const Row& row : table("release-packages.tsv")) {
      once(row, row.get("stem"));
      const bool dotted = row.one_of("number", {"any", "dotted"}) == "dotted";
      out_ << "    {" << literal(row.get("stem")) << ", " << (dotted ? "true" : "false") << "},\n";
    }
    close();
  }

  void remote_servers() {
    open("RemoteServer", "remote_servers");
    for (const Row& row : table("remote-servers.tsv")) {
      once(row, row.get("program"));
      out_ << "    {" << literal(row.get("program")) << ", " << literal(row.get("services")) << ", "
           << literal(row.get("what")) << "},\n";
    }
    close();
  }

  void development_installs() {
    open("DevelopmentInstall", "development_installs");
    std::set<std::string> managers;
    for (const Row& row : table("package-managers.tsv")) managers.insert(row.get("manager"));
    for (const Row& row : table("development-installs.tsv")) {
      once(row, row.one_of("manager", managers));
      out_ << "    {" << literal(row.get("manager"));
      for (const char* column : {"subcommands", "asked_by", "variables"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << "},\n";
    }
    close();
  }

  void development_words() {
    open("std::string_view", "development_words");
    for (const Row& row : table("development-words.tsv")) {
      once(row, row.get("word"));
      out_ << "    " << literal(row.get("word")) << ",\n";
    }
    close();
  }

  void project_folders() {
    open("ProjectFolder", "project_folders");
    for (const Row& row : table("project-folders.tsv")) {
      once(row, row.get("manager"));
      out_ << "    {" << literal(row.get("manager")) << ", " << literal(row.get("folder")) << ", "
           << literal(row.get("global")) << ", " << literal(image_glob(row, row.get("image")))
           << "},\n";
    }
    close();
  }

  // As the code takes lists: between blanks.
  static std::string list(const Row& row, const std::string& column) {
    std::string cell = row.get(column);
    std::ranges::replace(cell, ',', ' ');
    return literal(cell);
  }

  static void require_source(const Row& row) {
    if (!row.get("source").starts_with("https://")) fail(row.place, "source is no address");
  }

  void debug_switches() {
    open("DebugSwitch", "debug_switches");
    for (const Row& row : table("debug-switches.tsv")) {
      once(row, row.get("name") + ' ' + row.get("program") + ' ' + row.get("values"));
      require_source(row);
      out_ << "    {DebugSwitch::Kind::" << row.one_of("kind", {"variable", "argument", "setting"})
           << ", " << literal(row.get("name")) << ", " << list(row, "program") << ", "
           << list(row, "values") << ", " << list(row, "with") << ", " << literal(row.get("off"))
           << ", " << literal(row.get("what")) << "},\n";
    }
    close();
  }

  void telemetry_switches() {
    open("TelemetrySwitch", "telemetry_switches");
    for (const Row& row : table("telemetry.tsv")) {
      once(row, row.get("tool"));
      require_source(row);
      out_ << "    {" << literal(row.get("tool")) << ", " << list(row, "programs") << ", "
           << list(row, "packages") << ", " << literal(row.get("variable")) << ", "
           << literal(row.get("value")) << ", " << list(row, "also") << "},\n";
    }
    close();
  }

  void tls_switches() {
    open("TlsSwitch", "tls_switches");
    for (const Row& row : table("tls-switches.tsv")) {
      once(row, row.get("name") + ' ' + row.get("program") + ' ' + row.get("values"));
      require_source(row);
      out_ << "    {TlsSwitch::Kind::"
           << row.one_of("kind", {"variable", "argument", "configuration", "setting"}) << ", "
           << literal(row.get("name")) << ", " << list(row, "program") << ", "
           << list(row, "values") << ", " << literal(row.get("what")) << "},\n";
    }
    close();
  }

  void open_servers() {
    open("OpenServer", "open_servers");
    for (const Row& row : table("open-servers.tsv")) {
      once(row, row.get("name") + ' ' + row.get("program") + ' ' + row.get("values"));
      require_source(row);
      out_ << "    {OpenServer::Kind::" << row.one_of("kind", {"variable", "argument", "setting"})
           << ", " << literal(row.get("name")) << ", " << list(row, "program") << ", "
           << list(row, "values") << ", " << list(row, "unless") << ", " << literal(row.get("what"))
           << "},\n";
    }
    close();
  }

  void offline_installs() {
    open("OfflineInstall", "offline_installs");
    for (const Row& row : table("offline-installs.tsv")) {
      once(row, row.get("manager"));
      require_source(row);
      out_ << "    {" << literal(row.get("manager")) << ", " << list(row, "installs") << ", "
           << list(row, "offline") << ", " << list(row, "fetches") << "},\n";
    }
    close();
  }

  void file_variables() {
    open("FileVariables", "file_variables");
    for (const Row& row : table("file-variables.tsv")) {
      once(row, row.get("image"));
      require_source(row);
      out_ << "    {" << literal(image_glob(row, row.get("image"))) << ", "
           << list(row, "variables") << ", " << literal(row.get("suffix")) << "},\n";
    }
    close();
  }

  void rule_names() {
    open("RuleName", "rule_names");
    for (const Row& row : table("rule-names.tsv")) {
      once(row, row.get("name"));
      require_source(row);
      out_ << "    {" << literal(row.get("tool")) << ", " << literal(row.get("name")) << ", "
           << literal(row.get("means")) << "},\n";
    }
    close();
  }

  void image_purposes() {
    open("ImagePurpose", "image_purposes");
    for (const Row& row : table("image-purposes.tsv")) {
      once(row, row.get("image"));
      require_source(row);
      out_ << "    {" << literal(image_glob(row, row.get("image"))) << ", " << list(row, "ports")
           << ", " << (row.yes("filters_socket") ? "true" : "false") << ", "
           << (row.yes("sets_user") ? "true" : "false") << "},\n";
    }
    close();
  }

  void credential_variables(const std::string& name, const std::string& file) {
    open("CredentialVariables", name);
    for (const Row& row : table(file)) {
      once(row, row.get("program"));
      require_source(row);
      out_ << "    {" << list(row, "program") << ", " << list(row, "variables") << "},\n";
    }
    close();
  }

  void credential_arguments() {
    open("CredentialArgument", "credential_arguments");
    for (const Row& row : table("credential-arguments.tsv")) {
      once(row, row.get("program") + ' ' + row.get("subcommand") + ' ' + row.get("option"));
      require_source(row);
      const std::string operand = number(row, "operand");
      if (row.get("option").empty() == (operand == "std::nullopt"))
        fail(row.place, "either an option or an operand");
      out_ << "    {" << list(row, "program") << ", " << literal(row.get("subcommand")) << ", "
           << list(row, "option") << ", " << (operand == "std::nullopt" ? "0" : operand)
           << ", CredentialArgument::Form::"
           << row.one_of("form", {"whole", "attached", "pair", "percent", "header", "prefixed"})
           << ", " << (row.yes("keeps") ? "true" : "false") << ", " << literal(row.get("what"))
           << ", " << literal(row.get("secret")) << ", " << list(row, "known") << "},\n";
    }
    close();
  }

  void servers() {
    open("Server", "servers");
    for (const Row& row : table("servers.tsv")) {
      once(row, row.get("program") + ' ' + row.get("image"));
      out_ << "    {" << literal(row.get("program")) << ", "
           << literal(image_glob(row, row.get("image"))) << ", "
           << (row.yes("leaves_root") ? "true" : "false");
      for (const char* column : {"config", "writes", "open_since", "root_for", "advice"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << "},\n";
    }
    close();
  }

  void sdk_images() {
    open("SdkImage", "sdk_images");
    for (const Row& row : table("sdk-images.tsv")) {
      const std::string image = image_glob(row, row.get("image"));
      once(row, image);
      out_ << "    {" << literal(image);
      for (const char* column : {"except", "tools", "runtime", "static", "dynamic", "program"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << ", " << list(row, "unless") << "},\n";
    }
    close();
  }

  void build_images() {
    open("BuildImage", "build_images");
    for (const Row& row : table("build-images.tsv")) {
      const std::string image = image_glob(row, row.get("image"));
      once(row, image);
      const std::string& language =
          row.one_of("language", {"c", "dotnet", "go", "java", "node", "python", "rust"});
      out_ << "    {" << literal(image) << ", Language::" << language;
      for (const char* column : {"version_after", "runtime", "versions", "libraries"}) {
        out_ << ", " << literal(row.get(column));
      }
      out_ << "},\n";
    }
    close();
  }

  void build_variables() {
    open("std::string_view", "build_variables");
    for (const Row& row : table("build-variables.tsv")) {
      once(row, row.get("variable"));
      out_ << "    " << literal(row.get("variable")) << ",\n";
    }
    close();
  }

  void ecosystems() {
    const std::string file = folder_ + "/dockerignore-templates.json";
    nlohmann::ordered_json root;
    try {
      root = nlohmann::ordered_json::parse(read_file(file));
    } catch (const nlohmann::json::exception& error) {
      fail({file, 0}, error.what());
    }
    std::ostringstream rows;
    std::size_t count = 0;
    const auto list = [&](const nlohmann::ordered_json& object, const char* key) -> std::string {
      if (!object.contains(key) || object.at(key).empty()) return "{}";
      const std::string name = "list_" + std::to_string(count++);
      out_ << "constexpr std::string_view " << name << "[] = {\n";
      for (const auto& text : object.at(key)) {
        out_ << "    " << literal(text.get<std::string>()) << ",\n";
      }
      out_ << "};\n\n";
      return name;
    };
    try {
      for (const auto& [name, object] : root.at("ecosystems").items()) {
        for (const auto& [key, value] : object.items()) {
          if (key != "markers" && key != "keep" && key != "patterns") {
            fail({file, 0}, name + ": unknown key " + key);
          }
        }
        const std::string markers = list(object, "markers");
        const std::string keep = list(object, "keep");
        const std::string patterns = list(object, "patterns");
        rows << "    {" << literal(name) << ", " << markers << ", " << keep << ", " << patterns
             << "},\n";
      }
    } catch (const nlohmann::json::exception& error) {
      fail({file, 0}, error.what());
    }
    open("Ecosystem", "ecosystems");
    out_ << rows.str();
    close();
  }

  void flags() {
    std::map<std::pair<std::string, std::string>, std::string> sorted;
    for (const Row& row : table("flags.tsv")) {
      const std::string instruction = row.get("instruction");
      const std::string flag = row.get("flag");
      once(row, instruction + ' ' + flag);
      if (flag.starts_with('-')) fail(row.place, "write `" + flag + "` without dashes");
      const std::string kind =
          row.one_of("kind", {"boolean", "checksum", "choice", "device", "duration", "mode",
                              "mount", "number", "owner", "platform", "source", "text"});
      if ((kind == "choice") != (row.raw("values") != "-")) {
        fail(row.place, "a choice has values, and nothing else has");
      }
      sorted[{instruction, flag}] = literal(instruction) + ", " + literal(flag) +
                                    ", FlagKind::" + kind + ", " + literal(row.get("values")) +
                                    ", " + (row.yes("repeatable") ? "true" : "false");
    }
    open("Flag", "flags");
    for (const auto& [key, entry] : sorted) out_ << "    {" << entry << "},\n";
    close();
  }

  void mount_options() {
    open("MountOption", "mount_options");
    for (const Row& row : table("mount-options.tsv")) {
      const std::string option = row.get("option");
      once(row, option);
      out_ << "    {" << literal(option) << ", MountOptionKind::"
           << row.one_of("kind", {"boolean", "number", "octal", "sharing", "size", "source", "text",
                                  "type"})
           << ", " << literal(row.get("types")) << ", " << (row.yes("bare") ? "true" : "false")
           << "},\n";
    }
    close();
  }

  void platforms() {
    open("std::string_view", "platform_parts");
    for (const Row& row : table("platforms.tsv")) {
      const std::string name = row.get("name");
      once(row, name);
      row.one_of("kind", {"architecture", "system"});
      out_ << "    " << literal(name) << ",\n";
    }
    close();
  }

  void signals() {
    open("Signal", "signals");
    for (const Row& row : table("signals.tsv")) {
      const std::string signal = row.get("signal");
      once(row, signal);
      if (!signal.starts_with("SIG")) fail(row.place, "write `" + signal + "` with SIG");
      const auto number = numbers(row.get("number"));
      if (number.size() != 1) fail(row.place, "`" + row.get("number") + "` is no number");
      out_ << "    {" << literal(signal) << ", " << number[0] << "},\n";
    }
    close();
  }

  std::string folder_;
  std::ostream& out_;
  std::ostringstream spans_;  // what is seen outside, after the rows
  std::map<std::string, std::set<std::string>> keys_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: generate_facts DATA_FOLDER OUTPUT.cpp\n";
    return 2;
  }
  std::ostringstream text;
  Generator(argv[1], text).run();
  std::ofstream out(argv[2], std::ios::binary);
  out << text.str();
  out.close();
  if (!out) {
    std::cerr << argv[2] << ": cannot be written\n";
    return 1;
  }
}
