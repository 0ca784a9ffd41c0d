#include "cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

#include "report/glyphs.h"

namespace bulkhead::cli {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void complain(std::string_view message) {
  // In one call, so that lines of several threads do not mix.
  print_error("bulkhead: " + report::printable(message) + "\n");
}

void Complaints::add(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    if (told_.insert(problem).second) complain(problem);
  }
}

bool flush_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return true;
  complain("cannot write to standard output" +
           (errno == 0 ? std::string() : ": " + std::generic_category().message(errno)));
  return false;
}

report::Style output_style(ColorMode mode) {
  report::Style style;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string_view(value ? value : "");
  };
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  const bool capable = terminal && variable("TERM") != "dumb";
  style.colors = mode == ColorMode::always ||
                 (mode == ColorMode::automatic && capable && variable("NO_COLOR").empty());
  style.links = style.colors && capable;
  winsize size{};
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::max<std::uint32_t>(size.ws_col, 40);
  }
  return style;
}

}  // namespace bulkhead::cli
