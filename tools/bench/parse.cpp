// bench_parse: how fast Dockerfiles are read. Takes their paths from standard input, a line each, and prints
// "name<TAB>value" lines, which bench.py shows as a table. Times are the processor's, for this process alone.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/model/document.h"
#include "analysis/model/effects.h"
#include "analysis/syntax/tree.h"

using namespace bulkhead;
using syntax::Language;
using syntax::Tree;

namespace {

constexpr int passes = 9;  // the fastest counts: all that disturbs one makes it slower

// Seconds of processor time that `work` takes.
double seconds(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  work();
  return now() - start;
}

double fastest(const std::function<void()>& work) {
  double best = std::numeric_limits<double>::max();
  for (int pass = 0; pass < passes; ++pass) best = std::min(best, seconds(work));
  return best;
}

void print(const char* name, double value) {
  std::cout << name << '\t' << value << '\n';
}

// Bytes of memory that this process holds.
double resident() {
  std::ifstream file("/proc/self/statm");
  double total = 0, pages = 0;
  file >> total >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// One text of about `lines` lines, made of whole files from all over the list.
std::string joined(const std::vector<std::string>& texts, std::ptrdiff_t lines) {
  constexpr std::size_t stride = 41;
  std::string out;
  for (std::size_t i = 0; i < texts.size() && std::ranges::count(out, '\n') < lines; ++i)
    out += texts[i * stride % texts.size()] + '\n';
  return out;
}

// Seconds that one typed character costs at `lines` lines, the median of many places.
double typing(const std::vector<std::string>& texts, std::ptrdiff_t lines) {
  const std::string text = joined(texts, lines);
  const Tree tree = syntax::parse(Language::dockerfile, text);
  constexpr std::size_t places = 301;
  std::vector<double> times;
  for (std::size_t i = 0; i < places; ++i) {
    const auto at = static_cast<std::uint32_t>(text.size() * i / places);
    const TextEdit edits[] = {{{at, at}, "x"}};
    const std::string after = text.substr(0, at) + "x" + text.substr(at);
    const auto once = [&] { static_cast<void>(syntax::reparse(tree, text, after, edits)); };
    times.push_back(std::min({seconds(once), seconds(once), seconds(once)}));
  }
  std::ranges::nth_element(times, times.begin() + places / 2);
  return times[places / 2];
}

// Seconds of processor time that reading files takes, by its parts; what was made is dropped as well.
struct Reading {
  double parse = 0;
  double scripts = 0;   // the parse of the shell text in them
  double document = 0;  // both parses, and what is made of their trees
  double timeline = 0;  // of all stages
};

// Reads a file at a time, each part behind the other: so each meets the caches as it does in use, which a
// loop over one part alone does not. Of each part of each file the fastest pass counts.
Reading read_in_turn(const std::vector<std::string>& texts) {
  std::vector<std::vector<std::string>> scripts(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto document = Document::create(texts[i]);
    for (const Instruction& instruction : document->instructions()) {
      const bool read = !instruction.script().opaque && !instruction.script().commands.empty();
      const InstructionData& data = instruction.data();
      if (read && !data.json) scripts[i].push_back(data.joined.text.substr(data.body));
    }
  }
  constexpr double never = std::numeric_limits<double>::max();
  std::vector<Reading> best(texts.size(), {never, never, never, never});
  for (int pass = 0; pass < passes; ++pass) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto keep = [](double& least, double time) { least = std::min(least, time); };
      keep(best[i].parse,
           seconds([&] { static_cast<void>(syntax::parse(Language::dockerfile, texts[i])); }));
      keep(best[i].scripts, seconds([&] {
             for (const std::string& script : scripts[i])
               static_cast<void>(syntax::parse(Language::bash, script));
           }));
      std::shared_ptr<const Document> document;
      const double made = seconds([&] { document = Document::create(texts[i]); });
      keep(best[i].timeline, seconds([&] {
             for (const Stage& stage : document->stages()) static_cast<void>(stage.effects());
           }));
      keep(best[i].document, made + seconds([&] { document.reset(); }));
    }
  }
  Reading sum;
  for (const Reading& file : best) {
    sum.parse += file.parse;
    sum.scripts += file.scripts;
    sum.document += file.document;
    sum.timeline += file.timeline;
  }
  return sum;
}

}  // namespace

int main() {
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (std::string path; std::getline(std::cin, path);) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    bytes += texts.back().size();
  }
  if (bytes == 0) {
    std::cerr << "bench_parse: no text to read\n";
    return 2;
  }
  const auto size = static_cast<double>(bytes);
  print("files", static_cast<double>(texts.size()));
  print("bytes", size);

  // First, while no memory that was freed is kept: what the process grows by is the trees.
  {
    std::vector<Tree> trees(texts.size());
    const double before = resident();
    const double first_pass = seconds([&] {
      for (std::size_t i = 0; i < texts.size(); ++i)
        trees[i] = syntax::parse(Language::dockerfile, texts[i]);
    });
    print("first pass", size / first_pass);
    print("tree", (resident() - before) / size);
  }
  const double parse = fastest([&] {
    for (const std::string& text : texts)
      static_cast<void>(syntax::parse(Language::dockerfile, text));
  });
  print("parse", size / parse);
  print("typing", typing(texts, 1000));

  // As multiples of the parse in that same reading.
  const Reading reading = read_in_turn(texts);
  const double model = reading.document - reading.parse - reading.scripts;
  print("the shell text's own parse", reading.scripts / reading.parse);
  print("the model, without both parses", model / reading.parse);
  print("the timeline", reading.timeline / reading.parse);
  print("model and timeline", (model + reading.timeline) / reading.parse);
}
