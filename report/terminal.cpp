#include "report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "analysis/engine.h"
#include "analysis/rule.h"
#include "report/glyphs.h"

namespace bulkhead::report {
namespace {

std::string_view color_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return color::bold_red;
    case Severity::warning:
      return color::bold_yellow;
    case Severity::info:
      return color::bold_blue;
    case Severity::hint:
      return color::bold_cyan;
  }
  return {};
}

// What is underlined in one line.
struct Mark {
  std::uint32_t line = 0;
  Span span;  // bytes of the line
  char underline = '^';
  std::string_view color;
  std::string label;
  bool more_lines = false;  // of the same span follow that are not shown
};

// The parts of `span` that its lines are marked with: without the blanks at their ends, and of many
// lines only the first two and the last.
std::vector<Mark> marks_of(const Source& source, Span span, Mark like) {
  const std::uint32_t first = source.lines.line_of(span.begin);
  const std::uint32_t last = source.lines.line_of(span.empty() ? span.begin : span.end - 1);
  std::vector<Mark> marks;
  for (std::uint32_t line = first; line <= last; ++line) {
    if (last - first > 3 && line == first + 2) {
      if (!marks.empty()) marks.back().more_lines = true;
      line = last;
    }
    const Span whole = source.lines.line(source.text, line);
    Span part{std::clamp(span.begin, whole.begin, whole.end),
              std::clamp(span.end, whole.begin, whole.end)};
    if (first != last) {
      const auto blank = [&](std::uint32_t at) {
        return source.text[at] == ' ' || source.text[at] == '\t';
      };
      while (!part.empty() && blank(part.begin)) ++part.begin;
      while (!part.empty() && blank(part.end - 1)) --part.end;
      if (part.empty()) continue;
    }
    like.line = line;
    like.span = {part.begin - whole.begin, part.end - whole.begin};
    marks.push_back(like);
  }
  if (marks.empty()) {  // nothing but blank lines
    like.line = first;
    const Span whole = source.lines.line(source.text, first);
    like.span = {std::min(span.begin, whole.end) - whole.begin,
                 std::min(span.begin, whole.end) - whole.begin};
    marks.push_back(like);
  }
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) marks[i].label.clear();
  return marks;
}

// Part of a line as the terminal shows it, and where the bytes of the line are in it.
class View {
 public:
  // At most `cells` wide, such that the start of `focus` (bytes of the line) is in it.
  View(std::string_view line, Span focus, std::uint32_t cells) {
    // However long a line is, only what may be shown is looked at.
    const std::uint32_t most = 4 * cells;
    if (line.size() > most) {
      offset_ = focus.begin > cells ? focus.begin - cells : 0;
      while (offset_ < line.size() && (static_cast<unsigned char>(line[offset_]) & 0xC0) == 0x80)
        ++offset_;
      cut_left_ = offset_ > 0;
      line = line.substr(offset_);
      cut_right_ = line.size() > most;
      line = line.substr(0, most);
    }
    glyphs_ = glyphs(line);
    size_ = static_cast<std::uint32_t>(line.size());
    shorten(focus, cells);
    if (cut_left_) out_ = "…";
    for (const Glyph& glyph : glyphs_) out_ += glyph.text;
    if (cut_right_) out_ += "…";
  }

  const std::string& text() const { return out_; }
  bool is_cut() const { return cut_left_ || cut_right_; }

  // The first cell of `span` and how many it takes, at least one.
  std::pair<std::uint32_t, std::uint32_t> cells_of(Span span) const {
    const std::uint32_t begin = cell(span.begin);
    return {begin, std::max(cell(span.end), begin + 1) - begin};
  }

 private:
  std::uint32_t width_of(std::size_t first, std::size_t last) const {
    std::uint32_t cells = 0;
    for (std::size_t i = first; i < last; ++i) cells += glyphs_[i].width;
    return cells;
  }

  // The index of the glyph that `byte` of the line is in; the number of glyphs beyond the last.
  std::size_t index_of(std::uint32_t byte) const {
    const std::uint32_t local = byte < offset_ ? 0 : byte - offset_;
    if (local >= size_) return glyphs_.size();
    const auto after = std::ranges::upper_bound(glyphs_, local, {}, &Glyph::begin);
    return static_cast<std::size_t>(std::max(after - glyphs_.begin() - 1, std::ptrdiff_t{0}));
  }

  std::uint32_t cell(std::uint32_t byte) const {
    return (cut_left_ ? 1 : 0) + width_of(0, index_of(byte));
  }

  void shorten(Span focus, std::uint32_t cells) {
    if (width_of(0, glyphs_.size()) + (cut_left_ ? 1 : 0) + (cut_right_ ? 1 : 0) <= cells) return;
    // Two for the signs of omission.
    const std::uint32_t room = cells > 12 ? cells - 2 : 10;
    const std::size_t focus_begin = index_of(focus.begin);
    const std::size_t focus_end = std::max(index_of(focus.end), focus_begin);
    // All from the start of the line if the focus is within; else some of what precedes it.
    std::size_t first = 0;
    if (width_of(0, focus_end) > room) {
      first = focus_begin;
      const std::uint32_t focus_width = std::min(width_of(focus_begin, focus_end), room);
      const std::uint32_t before = std::min(room / 4, room - focus_width);
      while (first > 0 && width_of(first - 1, focus_begin) <= before) --first;
    }
    std::size_t last = first;
    for (std::uint32_t used = 0; last < glyphs_.size() && used + glyphs_[last].width <= room;
         ++last) {
      used += glyphs_[last].width;
    }
    cut_left_ = cut_left_ || first > 0;
    cut_right_ = cut_right_ || last < glyphs_.size();
    const std::uint32_t first_byte = first < glyphs_.size() ? glyphs_[first].begin : size_;
    size_ = (last < glyphs_.size() ? glyphs_[last].begin : size_) - first_byte;
    offset_ += first_byte;
    glyphs_ = std::vector<Glyph>(glyphs_.begin() + static_cast<std::ptrdiff_t>(first),
                                 glyphs_.begin() + static_cast<std::ptrdiff_t>(last));
    for (Glyph& glyph : glyphs_) glyph.begin -= first_byte;
  }

  std::vector<Glyph> glyphs_;  // of line[offset_, offset_ + size_)
  std::uint32_t offset_ = 0;
  std::uint32_t size_ = 0;
  bool cut_left_ = false;
  bool cut_right_ = false;
  std::string out_;
};

// Writes the lines that marks stand in, with their numbers.
class Snippet {
 public:
  Snippet(const Source& source, const Style& style, std::vector<Mark> marks)
      : source_(source), style_(style), marks_(std::move(marks)) {
    std::ranges::stable_sort(marks_, {}, &Mark::line);
    digits_ = std::to_string(marks_.back().line + 1).size();
  }

  std::string write() {
    rule();
    std::optional<std::uint32_t> previous;
    for (std::size_t i = 0; i < marks_.size();) {
      const std::uint32_t line = marks_[i].line;
      if (previous && line == *previous + 2 && !marks_[i - 1].more_lines) {
        source_line(View(text_of(line - 1), {}, room()), line - 1);
      } else if (previous && line > *previous + 1) {
        out_ += paint(style_, color::bold_blue, std::string(digits_, '.')) + "\n";
      }
      previous = line;
      i = write_line(i);
    }
    return std::move(out_);
  }

  // The bar under the snippet, and the gutter for what follows it.
  std::string bar() const { return gutter("") + "\n"; }
  std::string note_gutter() const {
    return std::string(digits_ + 1, ' ') + paint(style_, color::bold_blue, "=") + " ";
  }

 private:
  std::string_view text_of(std::uint32_t line) const {
    const Span span = source_.lines.line(source_.text, line);
    return source_.text.substr(span.begin, span.size());
  }
  std::uint32_t room() const {
    const auto taken = static_cast<std::uint32_t>(digits_) + 3;
    return std::max(style_.width, taken + 20) - taken;
  }
  std::string gutter(std::string_view number) const {
    return paint(style_, color::bold_blue, fmt::format("{:>{}} |", number, digits_));
  }
  void rule() { out_ += gutter("") + "\n"; }

  void source_line(const View& view, std::uint32_t line) {
    out_ +=
        gutter(std::to_string(line + 1)) + (view.text().empty() ? "" : " ") + view.text() + "\n";
  }

  // Writes the line of marks_[i] and what marks it; the index of the first mark of another line. A
  // line that is too long to be shown whole is written for each mark again, cut around it.
  std::size_t write_line(std::size_t i) {
    const std::uint32_t line = marks_[i].line;
    std::optional<View> view;
    for (; i < marks_.size() && marks_[i].line == line; ++i) {
      const Mark& mark = marks_[i];
      if (!view || view->is_cut()) {
        view.emplace(text_of(line), mark.span, room());
        source_line(*view, line);
      }
      const auto [begin, width] = view->cells_of(mark.span);
      std::string under(width, mark.underline);
      if (!mark.label.empty()) under += " " + mark.label;
      out_ += gutter("") + " " + std::string(begin, ' ') + paint(style_, mark.color, under) + "\n";
    }
    return i;
  }

  const Source& source_;
  const Style& style_;
  std::vector<Mark> marks_;
  std::size_t digits_ = 1;
  std::string out_;
};

void write(const Source& source, const Finding& finding, const Style& style, std::string& out) {
  const std::string_view color = color_of(finding.severity);
  const Position at = source.lines.position(source.text, finding.span.begin, Encoding::utf32);
  const std::string rule = link(style, documentation_url(*finding.rule), finding.rule->id);
  out += fmt::format(
      "{} {} {}\n",
      paint(style, color::bold,
            fmt::format("{}:{}:{}:", printable(source.path), at.line + 1, at.character + 1)),
      paint(style, color, fmt::format("{}[{}]", name(finding.severity), rule)),
      paint(style, color::bold, printable(finding.message)));

  std::vector<Mark> marks = marks_of(source, finding.span, {.underline = '^', .color = color});
  for (const Related& related : finding.related) {
    const auto more = marks_of(
        source, related.span,
        {.underline = '-', .color = color::bold_blue, .label = printable(related.message)});
    marks.insert(marks.end(), more.begin(), more.end());
  }
  Snippet snippet(source, style, std::move(marks));
  out += snippet.write();
  if (!finding.fixes.empty()) out += snippet.bar();
  for (const Fix& fix : finding.fixes) {
    out += snippet.note_gutter() + paint(style, color::bold, "help") +
           fmt::format(": {} ({})\n", printable(fix.title), name(fix.safety));
  }
  out += "\n";
}

bool has_fix(const Finding& finding, Safety safety) {
  return std::ranges::find(finding.fixes, safety, &Fix::safety) != finding.fixes.end();
}

}  // namespace

std::string terminal(const Source& source, std::span<const Finding> findings, const Style& style) {
  std::string out;
  for (const Finding& finding : findings) write(source, finding, style, out);
  return out;
}

void Tally::add(std::span<const Finding> of_one_file) {
  ++files;
  if (!of_one_file.empty()) ++files_with_findings;
  for (const Finding& finding : of_one_file) {
    ++findings[static_cast<std::size_t>(finding.severity)];
    if (has_fix(finding, Safety::safe)) {
      ++safe;
    } else if (!finding.fixes.empty()) {
      ++unsafe;
    }
  }
}

Tally& Tally::operator+=(const Tally& other) {
  files += other.files;
  files_with_findings += other.files_with_findings;
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i] += other.findings[i];
  safe += other.safe;
  unsafe += other.unsafe;
  return *this;
}

std::size_t Tally::total() const {
  return std::accumulate(findings.begin(), findings.end(), std::size_t{0});
}

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string summary(const Tally& tally, const Style& style) {
  if (tally.total() == 0) {
    return paint(style, color::bold_green, "No findings") + " in " + count(tally.files, "file") +
           "\n";
  }
  std::string severities;
  for (const Severity severity :
       {Severity::error, Severity::warning, Severity::info, Severity::hint}) {
    const std::size_t number = tally.findings[static_cast<std::size_t>(severity)];
    if (number == 0) continue;
    if (!severities.empty()) severities += ", ";
    severities += paint(style, color_of(severity),
                        severity == Severity::info ? fmt::format("{} info", number)
                                                   : count(number, name(severity)));
  }
  std::string out =
      fmt::format("{} ({}) in {}", paint(style, color::bold, count(tally.total(), "finding")),
                  severities, count(tally.files_with_findings, "file"));
  if (tally.safe > 0) {
    out += fmt::format("; {} can be mended with `bulkhead fix`", tally.safe);
    if (tally.unsafe > 0) out += fmt::format(", {} more with `--unsafe`", tally.unsafe);
  } else if (tally.unsafe > 0) {
    out += fmt::format("; {} can be mended with `bulkhead fix --unsafe`", tally.unsafe);
  }
  return out + "\n";
}

}  // namespace bulkhead::report
