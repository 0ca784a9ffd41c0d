#pragma once

// All that the author of a rule needs. A rule is one file in analysis/rules/<category>/, named as
// the rule, that defines one `extern constinit const Rule <name_with_underscores>`; CMake finds it
// there.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysis/compose/compose.h"
#include "analysis/context.h"
#include "analysis/finding.h"
#include "analysis/model/document.h"
#include "analysis/model/rewrite.h"

namespace bulkhead {

class IgnoreFile;

// A finding under construction: `report.at(word, "...").related(...).fix(...)`.
class FindingBuilder {
 public:
  explicit FindingBuilder(Finding& finding) : finding_(finding) {}

  // Differs from the rule's own severity only where the rule's documentation says why.
  FindingBuilder& severity(Severity severity);
  FindingBuilder& tag(Tag tag);
  FindingBuilder& related(Span span, std::string message);
  template <class Place>
  FindingBuilder& related(const Place& place, std::string message) {
    return related(place.span(), std::move(message));
  }

  // Adds where the variables got their values that stand in what `instruction` reads.
  FindingBuilder& origins(const Instruction& instruction, const std::vector<std::string>& variables,
                          const std::string& message);

  // Offers a fix. The first is the preferred one. One without edits is not offered.
  FindingBuilder& fix(Safety safety, std::string title, std::vector<Edit> edits);
  FindingBuilder& fix(Safety safety, std::string title, Edit edit);

 private:
  Finding& finding_;
};

// What is known of the instructions of a document that a Fact holds for, by their indices, in order. A Fact is made
// from an Instruction and converted to bool. It looks at what a check on an instruction may look at, and tells no
// place in the document: it is kept until an edit touches or reaches the instruction.
template <class Fact>
using Gathered = std::vector<std::pair<std::uint32_t, Fact>>;

// That `is_one(instruction)` is true, and no more.
template <bool (*is_one)(const Instruction&)>
struct Holds {
  explicit Holds(const Instruction& instruction) : holds(is_one(instruction)) {}
  explicit operator bool() const { return holds; }

  bool holds;
};

// What several rules work out of one document, stage or instruction: a View is made from it at the first
// wish, and kept until the analysis ends. One that is built on others takes these views as well.
class SharedViews {
  // Few, by the addresses that stand for their types.
  using Views = std::vector<std::pair<const void*, std::shared_ptr<const void>>>;

 public:
  // All that was gathered of one kind.
  struct FactsOfType {
    const void* type;
    std::shared_ptr<void> all;
    // Takes them to the document that `views` are of; null where that is done by who asks for them.
    void (*look_again)(SharedViews& views, const Document& document, void* all) = nullptr;
  };
  using Facts = std::vector<FactsOfType>;
  // What was gathered in the version before of a document, and what of that still holds.
  struct Earlier {
    Facts facts;
    std::vector<std::uint32_t> anew;  // the instructions to look at, in order
    // The instructions of that version that may be others, [first, behind), all to be looked at. Those from
    // `behind` on have changed their index by `growth`.
    std::uint32_t first = 0;
    std::uint32_t behind = 0;
    std::int64_t growth = 0;
    // Comments above the instructions from one of these to the other, of now, may be others.
    std::uint32_t first_below = 0;
    std::uint32_t last_below = std::numeric_limits<std::uint32_t>::max();
  };
  SharedViews() = default;
  explicit SharedViews(Earlier earlier) : earlier_(std::move(earlier)) {}

  template <class View>
  const View& of(const Document& document) {
    return made<View>(of_document_, document);
  }
  template <class View>
  const View& of(const Stage& stage) {
    return made<View>(of_stages_[stage.index()], stage);
  }
  template <class View>
  const View& of(const Instruction& instruction) {
    return made<View>(of_instructions_[instruction.index()], instruction);
  }

  template <class Fact>
  const Gathered<Fact>& gathered(const Document& document) {
    if (const auto known = find<Fact>(facts_); known != facts_.end())
      return *static_cast<const Gathered<Fact>*>(known->all.get());
    std::shared_ptr<Gathered<Fact>> facts;
    if (const auto found = find<Fact>(earlier_.facts); found != earlier_.facts.end()) {
      facts = std::static_pointer_cast<Gathered<Fact>>(std::move(found->all));
      earlier_.facts.erase(found);
      look_again(document, *facts);
    } else {
      facts = std::make_shared<Gathered<Fact>>();
      for (const Instruction& instruction : document.instructions()) {
        Fact fact(instruction);
        if (fact) facts->emplace_back(instruction.index(), std::move(fact));
      }
    }
    facts_.push_back({&type<Fact>, facts, [](SharedViews& views, const Document& of, void* all) {
                        views.look_again(of, *static_cast<Gathered<Fact>*>(all));
                      }});
    return *facts;
  }
  // Those of one stage.
  template <class Fact>
  std::span<const std::pair<std::uint32_t, Fact>> gathered(const Stage& stage) {
    const Gathered<Fact>& all = gathered<Fact>(stage.document());
    const auto instructions = stage.instructions();
    return {from(all, instructions.front().index()), from(all, instructions.back().index() + 1)};
  }
  // The instructions of the document or the stage that a Fact without more to say holds for.
  template <bool (*is_one)(const Instruction&)>
  std::vector<Instruction> instructions(const Document& document) {
    return in(document, gathered<Holds<is_one>>(document));
  }
  template <bool (*is_one)(const Instruction&)>
  std::vector<Instruction> instructions(const Stage& stage) {
    return in(stage.document(), gathered<Holds<is_one>>(stage));
  }
  // The instructions right above which comments stand that `is_one` is true of: Document::comments_above(). It looks at
  // no more than these.
  template <bool (*is_one)(const Document&, std::span<const Span> comments)>
  const std::vector<std::uint32_t>& below_comments(const Document& document) {
    using Fact = Commented<is_one>;
    if (const auto known = find<Fact>(facts_); known != facts_.end())
      return *static_cast<const std::vector<std::uint32_t>*>(known->all.get());
    auto all = std::make_shared<std::vector<std::uint32_t>>();
    const auto look_at = [&](std::uint32_t first, std::uint32_t last) {
      const std::vector<Span>& comments = document.comments();
      auto at = static_cast<std::size_t>(document.comments_above(first).data() - comments.data());
      while (at < comments.size()) {
        const std::uint32_t below = document.first_from(comments[at].begin);
        if (below > last) break;
        const auto above = document.comments_above(below);
        if (is_one(document, above)) all->push_back(below);
        at += above.size();
      }
    };
    if (const auto found = find<Fact>(earlier_.facts); found != earlier_.facts.end()) {
      const auto& before = *static_cast<const std::vector<std::uint32_t>*>(found->all.get());
      const auto middle = std::ranges::lower_bound(before, earlier_.first_below);
      all->assign(before.begin(), middle);
      look_at(earlier_.first_below, earlier_.last_below);
      for (const std::uint32_t old : std::span(middle, before.end())) {
        const std::int64_t now = old + earlier_.growth;
        if (now > earlier_.last_below) all->push_back(static_cast<std::uint32_t>(now));
      }
    } else {
      look_at(0, std::numeric_limits<std::uint32_t>::max());
    }
    facts_.push_back({&type<Fact>, all});
    return *all;
  }
  // For the next version of `document`; this one is done then. What nobody has asked for this time goes along.
  Facts release_facts(const Document& document) {
    for (FactsOfType& left : earlier_.facts) {
      if (!left.look_again) continue;
      try {
        left.look_again(*this, document, left.all.get());
        facts_.push_back(std::move(left));
      } catch (const std::exception&) {
        // It is gathered from the start when it is asked for, by a rule that then fails.
      }
    }
    return std::move(facts_);
  }

 private:
  template <class View>
  static constexpr char type = 0;
  template <bool (*is_one)(const Document&, std::span<const Span>)>
  struct Commented {};

  template <class Fact>
  static Facts::iterator find(Facts& facts) {
    return std::ranges::find(facts, &type<Fact>, &FactsOfType::type);
  }

  // The first of those facts that is about instruction `index` or one behind it.
  template <class Gathered>
  static auto from(Gathered& facts, std::uint32_t index) {
    return std::ranges::lower_bound(facts, index, {}, [](const auto& each) { return each.first; });
  }

  // Takes what was gathered in the version before to this one.
  template <class Fact>
  void look_again(const Document& document, Gathered<Fact>& facts) {
    // With as many instructions each fact is replaced where it stands.
    if (earlier_.growth != 0) {
      auto at = facts.erase(from(facts, earlier_.first), from(facts, earlier_.behind));
      for (; at != facts.end(); ++at)
        at->first = static_cast<std::uint32_t>(at->first + earlier_.growth);
    }
    Gathered<Fact> more;
    bool is_one_over = false;
    for (const std::uint32_t index : earlier_.anew) {
      Fact fact(Instruction(document, index));
      if (const auto at = from(facts, index); at != facts.end() && at->first == index) {
        is_one_over = is_one_over || !fact;
        at->second = std::move(fact);
      } else if (fact) {
        more.emplace_back(index, std::move(fact));
      }
    }
    if (is_one_over) std::erase_if(facts, [](const auto& each) { return !each.second; });
    if (more.empty()) return;
    const auto size = static_cast<std::ptrdiff_t>(facts.size());
    std::ranges::move(more, std::back_inserter(facts));
    std::inplace_merge(facts.begin(), facts.begin() + size, facts.end(),
                       [](const auto& one, const auto& other) { return one.first < other.first; });
  }

  template <class Facts>
  static std::vector<Instruction> in(const Document& document, const Facts& gathered) {
    std::vector<Instruction> all;
    for (const auto& [index, _] : gathered) all.emplace_back(document, index);
    return all;
  }

  template <class View, class Node>
  const View& made(Views& views, const Node& node) {
    for (const auto& [made, view] : views) {
      if (made == &type<View>) return *static_cast<const View*>(view.get());
    }
    std::shared_ptr<const View> view;
    if constexpr (std::is_constructible_v<View, const Node&, SharedViews&>) {
      view = std::make_shared<const View>(node, *this);
    } else {
      view = std::make_shared<const View>(node);
    }
    views.emplace_back(&type<View>, view);
    return *view;
  }

  Earlier earlier_;
  Facts facts_;
  Views of_document_;
  std::unordered_map<std::uint32_t, Views> of_stages_;
  std::unordered_map<std::uint32_t, Views> of_instructions_;
};

// Takes the findings of one rule.
class Report {
 public:
  Report(const Rule& rule, const Context& context, SharedViews& views,
         std::vector<Finding>& findings)
      : rule_(rule), context_(context), views_(views), findings_(findings) {}

  const Context& context() const { return context_; }
  // Knowledge of a node that other rules want too: `report.view<ContextCopies>(document)`.
  template <class View, class Node>
  const View& view(const Node& node) const {
    return views_.of<View>(node);
  }
  // What an edit leaves alone is not asked again: `report.instructions<has_mount>(document)`.
  template <bool (*is_one)(const Instruction&), class Node>
  std::vector<Instruction> instructions(const Node& document_or_stage) const {
    return views_.instructions<is_one>(document_or_stage);
  }

  // `place` is what gets underlined: as little as shows what is wrong. The builder that comes back
  // is used at once; the next call to at() ends its life.
  FindingBuilder at(Span place, std::string message);
  template <class Place>
  FindingBuilder at(const Place& place, std::string message) {
    return at(place.span(), std::move(message));
  }

 private:
  const Rule& rule_;
  const Context& context_;
  SharedViews& views_;
  std::vector<Finding>& findings_;
};

// What a check is run on: a Dockerfile or a part of it, a service of a compose file, that file, or a .dockerignore. The
// engine hands each such node to the check.
enum class Target : std::uint8_t {
  document,
  stage,
  instruction,
  command,
  compose_file,
  service,
  ignore_file
};

struct Check {
  Target target = Target::document;
  // For Target::instruction: only these; Keyword::unknown together with `any` means all of them.
  Keyword keyword = Keyword::unknown;
  bool any = false;
  // `node` is a Document, Stage, Instruction, Command, ComposeFile, Service or IgnoreFile, as `target` says.
  void (*run)(const void* node, Report& report) = nullptr;
};

namespace detail {

template <class Node>
struct CheckParameter;
template <class Node>
struct CheckParameter<void (*)(const Node&, Report&)> {
  using type = Node;
};

template <auto function>
consteval Check check_of() {
  using Node = typename CheckParameter<decltype(function)>::type;
  if constexpr (std::is_same_v<Node, Document>) {
    return {Target::document, Keyword::unknown, false, [](const void* node, Report& report) {
              function(*static_cast<const Document*>(node), report);
            }};
  } else if constexpr (std::is_same_v<Node, Stage>) {
    return {Target::stage, Keyword::unknown, false, [](const void* node, Report& report) {
              function(*static_cast<const Stage*>(node), report);
            }};
  } else if constexpr (std::is_same_v<Node, Command>) {
    return {Target::command, Keyword::unknown, false, [](const void* node, Report& report) {
              function(*static_cast<const Command*>(node), report);
            }};
  } else if constexpr (std::is_same_v<Node, ComposeFile>) {
    return {Target::compose_file, Keyword::unknown, false, [](const void* node, Report& report) {
              function(*static_cast<const ComposeFile*>(node), report);
            }};
  } else if constexpr (std::is_same_v<Node, Service>) {
    return {Target::service, Keyword::unknown, false, [](const void* node, Report& report) {
              function(*static_cast<const Service*>(node), report);
            }};
  } else if constexpr (std::is_same_v<Node, IgnoreFile>) {
    return {Target::ignore_file, Keyword::unknown, false, [](const void* node, Report& report) {
              function(*static_cast<const IgnoreFile*>(node), report);
            }};
  } else if constexpr (std::is_same_v<Node, Instruction>) {
    return {Target::instruction, Keyword::unknown, true, [](const void* node, Report& report) {
              function(*static_cast<const Instruction*>(node), report);
            }};
  } else {
    return {Target::instruction, Node::keyword_kind, false, [](const void* node, Report& report) {
              function(Node(*static_cast<const Instruction*>(node)), report);
            }};
  }
}

}  // namespace detail

// A list that may stand in a constant: rules are made before main() and need no memory.
template <class Item, std::size_t capacity>
class FixedList {
 public:
  constexpr FixedList() = default;
  constexpr FixedList(std::initializer_list<Item> items) {
    for (const Item& item : items) items_[size_++] = item;  // too many do not compile
  }
  constexpr const Item* begin() const { return items_.data(); }
  constexpr const Item* end() const { return items_.data() + size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }

 private:
  std::array<Item, capacity> items_{};
  std::size_t size_ = 0;
};

// The visitors of a rule, each picked by its parameter: `each<check_user, check_chown>`.
template <auto... functions>
inline constexpr FixedList<Check, 4> each{detail::check_of<functions>()...};

struct Rule {
  std::string_view id;  // as in a suppression comment; the file's name
  std::string_view title;
  Category category = Category::correctness;
  Severity severity = Severity::warning;
  bool enabled = true;                           // whether it runs unless asked otherwise
  FixedList<std::string_view, 24> aliases = {};  // "tool:id" of each peer's rule for this concern
  std::string_view why;  // Markdown: what can happen, when to ignore it, why a fix may be unsafe
  std::string_view bad;  // a Dockerfile that has this finding...
  std::string_view
      good;  // ...and without it; what the preferred fix makes of `bad`, if there is one
  FixedList<std::string_view, 6> references = {};  // addresses to read on
  FixedList<Check, 4> checks = {};
  // Variables that checks on an instruction or a command look up, though it does not name them.
  FixedList<std::string_view, 4> environment = {};
  // Whether checks on a stage look at more than the files of stages that are built on its lineage or copy from that.
  bool looks_at_dependents = false;
};

}  // namespace bulkhead
