#pragma once

// The images that a build takes from elsewhere, wherever they are named.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/document.h"

namespace bulkhead {

struct ImageUse {
  enum class By : std::uint8_t {
    from,    // FROM image
    copy,    // COPY --from=image
    mount,   // RUN --mount=from=image
    syntax,  // # syntax=image
  };
  By by = By::from;
  std::string name;  // as written, its variables resolved
  ImageReference image;
  Span span;                                    // of the name in the document
  std::optional<Instruction> instruction = {};  // none for `syntax`
  std::vector<std::string> variables = {};      // that the name came through; of FROM only

  // Whether it names neither a release nor its bytes: no tag, or "latest", and no digest.
  bool floats() const;
};

// The image of `from`; none where it names a stage or scratch, nothing that could be an image, or
// where a variable without a default hides the name.
std::optional<ImageUse> image_of(const From& from);

// That image where it floats(). A variable in front may hide which one it is, but not that: nothing it could
// hold changes what stands behind the last '/', or a tag behind it.
std::optional<ImageUse> floating_image(const From& from);

// Those that FROM, COPY or RUN name, in order. Left out, besides what image_of() leaves out, are single
// words that are no known image behind COPY and RUN: they may name a build context
// (`docker build --build-context name=...`), or, behind ONBUILD, a stage of another file.
std::vector<ImageUse> images_of(const Instruction& instruction);

// The frontend that the directive `# syntax=` loads; none without one.
std::optional<ImageUse> frontend_of(const Document& document);

}  // namespace bulkhead
