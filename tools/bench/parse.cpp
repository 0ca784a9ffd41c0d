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
  // Another name with a speed is shown as a multiple of this one.
  print("parse", size / parse);
  print("typing", typing(texts, 1000));

  // What is made of the trees, without the parses themselves: a file at a time and then dropped, as the trees
  // were. The shell text is that of the scripts that are read, joined; bulkhead parses the same text in
  // place, a little slower.
  const double document = fastest([&] {
    for (const std::string& text : texts) static_cast<void>(Document::create(text));
  });
  const double timelines = fastest([&] {
    for (const std::string& text : texts) {
      const auto made = Document::create(text);
      for (const Stage& stage : made->stages()) static_cast<void>(stage.effects());
    }
  });
  std::vector<std::string> scripts;
  for (const std::string& text : texts) {
    const auto made = Document::create(text);
    for (const Instruction& instruction : made->instructions()) {
      const bool read = !instruction.script().opaque && !instruction.script().commands.empty();
      const InstructionData& data = instruction.data();
      if (read && !data.json) scripts.push_back(data.joined.text.substr(data.body));
    }
  }
  const double shell = fastest([&] {
    for (const std::string& script : scripts)
      static_cast<void>(syntax::parse(Language::bash, script));
  });
  print("the shell text's own parse", size / shell);
  print("model, without both parses", size / (document - parse - shell));
  print("timeline", size / (timelines - document));
  print("model and timeline, without both parses", size / (timelines - parse - shell));
}
