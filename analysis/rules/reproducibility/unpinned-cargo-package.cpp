#include "analysis/rules/unpinned_packages.h"

namespace bulkhead::rules {
namespace {

void check(const Command& command, Report& report) {
  const auto unpinned = unpinned_packages(command, "cargo");
  if (!unpinned) return;
  report_unpinned(command, *unpinned, report)
      .fix(Safety::unsafe, "Add --locked",
           add_argument(command, unpinned->call.subcommand, "--locked"));
}

}  // namespace

extern constinit const Rule unpinned_cargo_package{
    .id = "unpinned-cargo-package",
    .title = "Rust program without a version",
    .category = Category::reproducibility,
    .severity = Severity::info,
    .why = R"(
`cargo install ripgrep` builds the newest release, and for each of the hundreds of crates behind it the newest that
fits, whatever the release was tested with. A crate that breaks, or was taken over, is in the image with the
next build; build scripts run while it is compiled.

`cargo install --locked ripgrep@15.1.0` says which release, and takes the `Cargo.lock` that came with it.
`--locked` alone is taken for an answer: it settles all but one of the versions.

The fix adds `--locked`. It is unsafe: a release without a `Cargo.lock`, or with one that no longer compiles,
then fails to install.
)",
    .bad = R"(
FROM rust:1.91
RUN cargo install cargo-chef
)",
    .good = R"(
FROM rust:1.91
RUN cargo install --locked cargo-chef
)",
    .references =
        {"https://doc.rust-lang.org/cargo/commands/cargo-install.html#dealing-with-the-lockfile"},
    .checks = each<check>,
};

}  // namespace bulkhead::rules
