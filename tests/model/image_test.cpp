#include "analysis/model/image.h"

#include "tests/catch.h"

using namespace bulkhead;

TEST_CASE("an image's name is split as the distribution project does") {
  CHECK(parse_image("node") == ImageReference{"docker.io", "library/node", "", ""});
  CHECK(parse_image("node:24") == ImageReference{"docker.io", "library/node", "24", ""});
  CHECK(parse_image("grafana/grafana:12") ==
        ImageReference{"docker.io", "grafana/grafana", "12", ""});
  CHECK(parse_image("localhost/a") == ImageReference{"localhost", "a", "", ""});
  CHECK(parse_image("r.example:5000/a/b") == ImageReference{"r.example:5000", "a/b", "", ""});
  CHECK(parse_image("r.example:5000/a/b:1@sha256:x") ==
        ImageReference{"r.example:5000", "a/b", "1", "sha256:x"});
  CHECK(parse_image("docker.io/library/node:24").familiar_name() == "node");
  CHECK(parse_image("index.docker.io/node").familiar_name() == "node");
  CHECK(parse_image("gcr.io/distroless/static").familiar_name() == "gcr.io/distroless/static");
  CHECK(parse_image("").repository == "library/");
}
