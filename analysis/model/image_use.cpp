#include "analysis/model/image_use.h"

#include <algorithm>
#include <utility>

#include "analysis/facts/images.h"
#include "analysis/text/ascii.h"

namespace bulkhead {
namespace {

// The image behind --from or from=, where builders resolve no variables.
std::optional<ImageUse> other_image(ImageUse::By by, const Instruction& instruction,
                                    std::string_view name, Span span) {
  if (name.find('$') != std::string_view::npos || name == "scratch" ||
      instruction.document().stage(name)) {
    return std::nullopt;
  }
  ImageReference image = parse_image(name);
  const bool single_word = name.find_first_of("/:@") == std::string_view::npos;
  if (!image.is_valid() || (single_word && !facts::base_image(name))) return std::nullopt;
  return ImageUse{by, std::string(name), std::move(image), span, instruction};
}

// What is behind `--platform linux/arm64` is what the flag lacks, behind `=`.
bool is_value_of_flag(const From& from) {
  const auto platform = from.flag("platform");
  return platform && !platform->value();
}

// Whether no variable can give `last`, all behind the last '/' of a name, another image or tag than it says:
// "alpine", also in "${REGISTRY}alpine", unless that is a stage.
bool says_all(const From& from, std::string_view last) {
  const std::size_t close = last.starts_with("${") ? last.find('}') : std::string_view::npos;
  if (close != std::string_view::npos) {
    last.remove_prefix(close + 1);
    if (last.empty() || !is_letter(last[0])) return false;
    const auto stages = from.document().stages();
    constexpr std::size_t most = 100;  // that anybody reads
    if (stages.size() > most) return false;
    for (const Stage& stage : stages) {
      if (stage.name().ends_with(last)) return false;
    }
  }
  return parse_image(last).is_valid();
}

}  // namespace

bool ImageUse::floats() const {
  return image.digest.empty() && (image.tag.empty() || image.tag == "latest");
}

std::optional<ImageUse> image_of(const From& from) {
  const auto word = from.image_word();
  if (!word || is_value_of_flag(from) || from.parent() || !from.known() || from.is_scratch())
    return std::nullopt;
  ImageReference image = from.image();
  if (!image.is_valid()) return std::nullopt;
  Value name = word->value();
  return ImageUse{
      ImageUse::By::from,       std::move(name.text), std::move(image), word->span(), from,
      std::move(name.variables)};
}

std::optional<ImageUse> floating_image(const From& from) {
  if (auto use = image_of(from)) return use->floats() ? std::move(use) : std::nullopt;
  const auto word = from.image_word();
  if (!word || is_value_of_flag(from) || from.known()) return std::nullopt;
  Value name = word->value();
  ImageUse use{ImageUse::By::from, name.text, parse_image(name.text),
               word->span(),       from,      std::move(name.variables)};
  const std::string_view last = std::string_view(name.text).substr(name.text.rfind('/') + 1);
  const bool is_sure = use.image.tag == "latest" || says_all(from, last);
  return use.floats() && is_sure ? std::optional(std::move(use)) : std::nullopt;
}

std::vector<ImageUse> images_of(const Instruction& instruction) {
  std::vector<ImageUse> found;
  const auto add = [&](std::optional<ImageUse> use) {
    if (use) found.push_back(*std::move(use));
  };
  switch (instruction.kind()) {
    case Keyword::from:
      add(image_of(From(instruction)));
      break;
    case Keyword::copy:
      if (const auto from = Copy(instruction).from())
        add(other_image(ImageUse::By::copy, instruction, from->text(), from->span()));
      break;
    case Keyword::run:
      for (const Mount& mount : Run(instruction).mounts("from")) {
        if (const MountField* from = mount.field("from"))
          add(other_image(ImageUse::By::mount, instruction, from->value, from->span));
      }
      break;
    default:
      break;
  }
  return found;
}

std::optional<ImageUse> frontend_of(const Document& document) {
  const auto syntax =
      std::ranges::find(document.directives(), "syntax", &Document::Directive::name);
  if (syntax == document.directives().end()) return std::nullopt;
  // What follows the name goes to the frontend.
  std::string name = syntax->value.substr(0, syntax->value.find_first_of(" \t"));
  ImageReference image = parse_image(name);
  if (!image.is_valid()) return std::nullopt;
  const std::uint32_t begin = syntax->value_span.begin;
  const Span span{begin, begin + static_cast<std::uint32_t>(name.size())};
  return ImageUse{ImageUse::By::syntax, std::move(name), std::move(image), span};
}

}  // namespace bulkhead
