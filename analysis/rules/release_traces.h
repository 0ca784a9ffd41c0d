#pragma once

// What a Dockerfile has that fits one release of its image only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/facts/end_of_life.h"
#include "analysis/rule.h"

namespace bulkhead::rules {

// By the first stage of a lineage, all stages that end in it, and the instructions elsewhere that take files
// from these.
struct Lineages {
  Lineages(const Document& document, SharedViews& views);

  struct Of {
    std::vector<Stage> stages;
    std::vector<Instruction> takers;
  };
  std::vector<Of> by_root;  // by the index of that stage; empty for the others
};

struct Trace {
  Span place;
  std::string_view what = "this needs the old release, and has to follow";
};

// Where steps that are built on `from` name one of the releases `old` (python3.7/site-packages, buster), ask
// for packages that other releases of the distribution lack (php7.2-fpm, curl=7.64.0-4), or make an account that
// the image `heir` has and the present one has not; the first few. An empty `heir`: none is known.
std::vector<Trace> release_traces(const From& from, const std::vector<facts::Support>& old,
                                  const std::string& heir, const Report& report);

// The first release of the image of `from` that lacks a program which steps that are built on it call; empty
// where none is known to.
std::string_view first_without_programs(const From& from, const Report& report);

// Tells them, or else lets `offer` add a fix that takes another release.
template <class Offer>
void unless_tied(FindingBuilder& finding, const std::vector<Trace>& traces, Offer offer) {
  for (const Trace& trace : traces) finding.related(trace.place, std::string(trace.what));
  if (traces.empty()) offer();
}

}  // namespace bulkhead::rules
