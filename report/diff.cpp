#include "report/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace bulkhead::report {
namespace {

// Each with its line end; only the last may lack one.
std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

using Lines = std::span<const std::string_view>;

enum class Kind : char { same = ' ', removed = '-', added = '+' };

struct Step {
  Kind kind;
  std::string_view line;
};

// Appends the shortest way from `a` to `b`. Fails when it has more than `most` changes.
//
// furthest[k] is how far along `a` one gets on diagonal k (= x - y) with d changes; the rounds are
// kept to walk back from the end.
bool append_shortest(Lines a, Lines b, std::int64_t most, std::vector<Step>& steps) {
  const auto size_a = static_cast<std::int64_t>(a.size());
  const auto size_b = static_cast<std::int64_t>(b.size());
  const std::int64_t offset = std::min(size_a + size_b, most) + 1;
  std::vector<std::int64_t> furthest(static_cast<std::size_t>(2 * offset + 1), 0);
  const auto at = [&](std::int64_t k) -> std::int64_t& {
    return furthest[static_cast<std::size_t>(k + offset)];
  };
  // Of round d only the diagonals -d-1..d+1 can be asked for.
  std::vector<std::vector<std::int64_t>> rounds;

  const auto goes_down = [](std::int64_t k, std::int64_t d, std::int64_t left, std::int64_t right) {
    return k == -d || (k != d && left < right);
  };
  bool found = false;
  for (std::int64_t d = 0; d < offset && !found; ++d) {
    rounds.emplace_back(furthest.begin() + (offset - d - 1), furthest.begin() + (offset + d + 2));
    for (std::int64_t k = -d; k <= d; k += 2) {
      std::int64_t x = goes_down(k, d, at(k - 1), at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < size_a && x - k < size_b &&
             a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)])
        ++x;
      at(k) = x;
      if (x >= size_a && x - k >= size_b) {
        found = true;
        break;
      }
    }
  }
  if (!found) return false;

  std::vector<Step> back;
  std::int64_t x = size_a;
  std::int64_t y = size_b;
  for (auto d = static_cast<std::int64_t>(rounds.size()) - 1; d >= 0; --d) {
    const std::vector<std::int64_t>& round = rounds[static_cast<std::size_t>(d)];
    const auto then = [&](std::int64_t k) { return round[static_cast<std::size_t>(k + d + 1)]; };
    const std::int64_t k = x - y;
    const bool down = goes_down(k, d, then(k - 1), then(k + 1));
    const std::int64_t from = d == 0 ? 0 : down ? then(k + 1) : then(k - 1) + 1;
    for (; x > from; --x, --y) back.push_back({Kind::same, a[static_cast<std::size_t>(x - 1)]});
    if (d == 0) break;
    if (down) {
      back.push_back({Kind::added, b[static_cast<std::size_t>(--y)]});
    } else {
      back.push_back({Kind::removed, a[static_cast<std::size_t>(--x)]});
    }
  }
  steps.insert(steps.end(), back.rbegin(), back.rend());
  return true;
}

std::vector<Step> shortest(Lines a, Lines b) {
  // Its memory grows with the square of the changes.
  constexpr std::int64_t most_changes = 2000;
  const auto start = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  std::size_t end = 0;
  while (end < std::min(a.size(), b.size()) - start &&
         a[a.size() - end - 1] == b[b.size() - end - 1])
    ++end;

  std::vector<Step> steps;
  const auto append = [&](Kind kind, Lines lines) {
    for (const std::string_view line : lines) steps.push_back({kind, line});
  };
  const Lines middle_a = a.subspan(start, a.size() - start - end);
  const Lines middle_b = b.subspan(start, b.size() - start - end);
  append(Kind::same, a.first(start));
  if (!append_shortest(middle_a, middle_b, most_changes, steps)) {
    append(Kind::removed, middle_a);
    append(Kind::added, middle_b);
  }
  append(Kind::same, a.last(end));
  return steps;
}

// "3,2", "3", or "2,0" in front of whose third line nothing stands.
std::string range(std::size_t first, std::size_t count) {
  if (count == 1) return fmt::format("{}", first + 1);
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after,
                         const DiffOptions& options, const Style& style) {
  if (before == after) return {};
  const std::vector<std::string_view> lines_before = split_lines(before);
  const std::vector<std::string_view> lines_after = split_lines(after);
  const std::vector<Step> steps = shortest(lines_before, lines_after);

  std::string out = paint(style, color::bold, fmt::format("--- {}", options.before_name)) + "\n" +
                    paint(style, color::bold, fmt::format("+++ {}", options.after_name)) + "\n";
  std::size_t line_before = 0;  // of steps[at]
  std::size_t line_after = 0;
  std::size_t at = 0;
  const auto is_change = [](const Step& step) { return step.kind != Kind::same; };
  while (true) {
    const auto change = static_cast<std::size_t>(
        std::find_if(steps.begin() + static_cast<std::ptrdiff_t>(at), steps.end(), is_change) -
        steps.begin());
    if (change == steps.size()) return out;
    const std::size_t first = change - std::min(options.context, change - at);
    line_before += first - at;
    line_after += first - at;
    // The hunk goes on as long as the next change is near enough to share its context.
    std::size_t last = change + 1;
    for (std::size_t i = last; i < steps.size() && i - last <= 2 * options.context; ++i) {
      if (is_change(steps[i])) last = i + 1;
    }
    last = std::min(last + options.context, steps.size());

    const std::span<const Step> hunk = std::span(steps).subspan(first, last - first);
    const auto count = [&](Kind other) {
      return static_cast<std::size_t>(
          std::ranges::count_if(hunk, [&](const Step& s) { return s.kind != other; }));
    };
    const std::size_t count_before = count(Kind::added);
    const std::size_t count_after = count(Kind::removed);
    out += paint(style, color::cyan,
                 fmt::format("@@ -{} +{} @@", range(line_before, count_before),
                             range(line_after, count_after))) +
           "\n";
    for (const Step& step : hunk) {
      const bool ends = step.line.ends_with('\n');
      const std::string line = static_cast<char>(step.kind) +
                               std::string(step.line.substr(0, step.line.size() - (ends ? 1 : 0)));
      out += step.kind == Kind::same      ? line
             : step.kind == Kind::removed ? paint(style, color::red, line)
                                          : paint(style, color::green, line);
      out += ends ? "\n" : "\n\\ No newline at end of file\n";
    }
    line_before += count_before;
    line_after += count_after;
    at = last;
  }
}

}  // namespace bulkhead::report
