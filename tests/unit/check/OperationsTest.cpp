// Looking operations and library functions up by name.
#include "rblnc/check/Operations.h"

#include <catch2/catch.hpp>

using namespace rblnc;

TEST_CASE("operations are found by their exact name") {
  const OperationInfo *add = findOperation("arith.addf");
  REQUIRE(add);
  CHECK(add->isSupported());
  CHECK(add->python == "+");
  const OperationInfo *scan = findOperation("tt.scan");
  REQUIRE(scan);
  CHECK_FALSE(scan->isSupported());
  CHECK(findOperation("tt.scans") == nullptr);
  CHECK(findOperation("tt.sca") == nullptr);
  CHECK(findOperation("") == nullptr);
}

TEST_CASE("library functions are found in the spelling of each library") {
  CHECK(alternativeToLibrarySymbol("__nv_expf") == "tl.exp(x)");
  CHECK(alternativeToLibrarySymbol("__nv_exp") == "tl.exp(x)");
  CHECK(alternativeToLibrarySymbol("__ocml_exp_f32") == "tl.exp(x)");
  CHECK(alternativeToLibrarySymbol("__nv_erff") == "tl.erf(x)");
  CHECK(alternativeToLibrarySymbol("__nv_erf") == "tl.erf(x)");
  CHECK(alternativeToLibrarySymbol("__nv_j0f").empty());
  CHECK(alternativeToLibrarySymbol("f").empty());
  CHECK(alternativeToLibrarySymbol("").empty());
}
