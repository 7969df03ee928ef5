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
  auto meaning = [](std::string_view symbol) {
    const LibraryFunction *function = findLibraryFunction(symbol);
    return function ? function->meaning : "none";
  };
  CHECK(meaning("__nv_expf") == "math.exp");
  CHECK(meaning("__nv_exp") == "math.exp");
  CHECK(meaning("__ocml_exp_f32") == "math.exp");
  CHECK(meaning("__nv_erff") == "math.erf");
  CHECK(meaning("__nv_fast_sinf") == "math.sin");
  CHECK(meaning("__triton_hip_fast_tanhf") == "math.tanh");
  CHECK(meaning("__nv_fmaf") == "math.fma");
  CHECK(meaning("__nv_fmaf_rn") == "math.fma");
  CHECK(meaning("__nv_popcll") == "math.ctpop");
  CHECK(meaning("__ocml_exp_f64") == "none");
  CHECK(meaning("f") == "none");
  CHECK(meaning("") == "none");
  const LibraryFunction *bessel = findLibraryFunction("__nv_j0f");
  REQUIRE(bessel);
  CHECK_FALSE(bessel->isSupported());
}
