// Single operations on arrays.
#include "capi/Handles.h"

#include <cstring>
#include <limits>

using namespace rblnc::test;

namespace {

rblnc_string text(const char *name) { return {name, std::strlen(name)}; }

struct Answer {
  rblnc_status status;
  std::string says;
};

Answer compute(const char *name, int32_t dtype, void *out, std::vector<rblnc_operand> operands, size_t count,
               uint64_t immediate = 0, int32_t numerics = RBLNC_IEEE, const char *target = "") {
  rblnc_diagnostics *diagnostics = nullptr;
  rblnc_status status = rblnc_compute(text(name), immediate, dtype, out, operands.data(), operands.size(), count,
                                      numerics, text(target), &diagnostics);
  rblnc_string said = rblnc_diagnostics_text(diagnostics);
  Answer answer{status, std::string(said.data ? said.data : "", said.size)};
  rblnc_diagnostics_release(diagnostics);
  return answer;
}

} // namespace

TEST_CASE("operations compute as vector programs do", "[capi]") {
  std::vector<int32_t> a(2500, std::numeric_limits<int32_t>::min()), b(2500, -1), quotient(2500);
  b[1] = 0;
  REQUIRE(
      compute("divsi", RBLNC_I32, quotient.data(), {{a.data(), RBLNC_I32, 0}, {b.data(), RBLNC_I32, 0}}, 2500).status ==
      RBLNC_DONE);
  CHECK(quotient[0] == a[0]);
  CHECK(quotient[1] == 0);
  CHECK(quotient[2499] == a[0]);
  uint8_t less[2] = {7, 7};
  float x[2] = {1, 2}, y[2] = {2, 1};
  REQUIRE(compute("cmpf", RBLNC_I1, less, {{x, RBLNC_F32, 0}, {y, RBLNC_F32, 0}}, 2, 4).status == RBLNC_DONE);
  CHECK(less[0] == 1);
  CHECK(less[1] == 0);
}

TEST_CASE("device numerics round f32 to the target's type", "[capi]") {
  float x = 1 + 0x1p-9f, out = 0;
  auto round = [&](const char *target) {
    REQUIRE(compute("to_compute_type", RBLNC_F32, &out, {{&x, RBLNC_F32, 0}}, 1, 0, RBLNC_DEVICE, target).status ==
            RBLNC_DONE);
    return out;
  };
  CHECK(round("rbln-ca22") == x);
  CHECK(round("rbln-cr03") == 1);
  REQUIRE(compute("addf", RBLNC_F32, &out, {{&x, RBLNC_F32, 0}, {&x, RBLNC_F32, 0}}, 1, 0, RBLNC_DEVICE, "rbln-cr03")
              .status == RBLNC_DONE);
  CHECK(out == 2);
}

TEST_CASE("what is no operation is a mistake of the caller", "[capi]") {
  float x = 1, out = 5;
  std::vector<rblnc_operand> one{{&x, RBLNC_F32, 0}};
  auto fails = [&](const Answer &answer, const char *part) {
    CHECK(answer.status == RBLNC_USAGE);
    CHECK(contains(answer.says, part));
  };
  fails(compute("frobnicate", RBLNC_F32, &out, one, 1), "there is no operation 'frobnicate'");
  fails(compute("addf", RBLNC_F32, &out, one, 1), "addf: it has 2 operands");
  fails(compute("exp", RBLNC_I32, &out, one, 1), "exp: its operands and its result must have one float dtype");
  fails(compute("constant", RBLNC_F32, &out, one, 1), "it is no operation on values");
  fails(compute("cmpf", RBLNC_I1, &out, {one[0], one[0]}, 1, 16), "there is no predicate 16");
  fails(compute("to_compute_type", RBLNC_F16, &out, one, 1), "to_compute_type: it takes one array of f32");
  fails(compute("exp", 99, &out, one, 1), "dtype is 99");
  fails(compute("exp", RBLNC_F32, &out, {{&x, -1, 0}}, 1), "operand 0 has dtype -1");
  fails(compute("exp", RBLNC_F32, nullptr, one, 1), "an array is NULL");
  fails(compute("exp", RBLNC_F32, &out, {}, 1), "1 to 3 operands");
  fails(compute("exp", RBLNC_F32, &out, one, 1, 0, 7), "numerics is 7");
  fails(compute("exp", RBLNC_F32, &out, one, 1, 0, RBLNC_DEVICE, "rbln-xx"), "rbln-xx");
  CHECK(out == 5);
  CHECK(compute("exp", RBLNC_F32, nullptr, {{nullptr, RBLNC_F32, 0}}, 0).status == RBLNC_DONE);
}

TEST_CASE("functions of device libraries are operations", "[capi]") {
  float x[3] = {3, -2, 0.5f}, y[3] = {1, 1, 1}, out[3] = {};
  // One operation, several, and one to a whole number.
  REQUIRE(compute("__nv_fmaxf", RBLNC_F32, out, {{x, RBLNC_F32, 0}, {y, RBLNC_F32, 0}}, 3).status == RBLNC_DONE);
  CHECK((out[0] == 3 && out[1] == 1 && out[2] == 1));
  REQUIRE(compute("__nv_fdimf", RBLNC_F32, out, {{x, RBLNC_F32, 0}, {y, RBLNC_F32, 0}}, 3).status == RBLNC_DONE);
  CHECK((out[0] == 2 && out[1] == 0 && out[2] == 0));
  int32_t whole[3] = {};
  REQUIRE(compute("__nv_float2int_rd", RBLNC_I32, whole, {{x, RBLNC_F32, 0}}, 3).status == RBLNC_DONE);
  CHECK((whole[0] == 3 && whole[1] == -2 && whole[2] == 0));
  // More elements than are computed at a time.
  std::vector<int32_t> many(5000), bits(5000);
  for (int32_t i = 0; i < 5000; ++i)
    many[static_cast<size_t>(i)] = i << 8;
  REQUIRE(compute("__nv_ffs", RBLNC_I32, bits.data(), {{many.data(), RBLNC_I32, 0}}, 5000).status == RBLNC_DONE);
  CHECK((bits[0] == 0 && bits[1] == 9 && bits[4096] == 21 && bits[4999] == 9));
  // "truncf" is the operation that narrows, not the function trunc.
  uint16_t narrow[1] = {};
  CHECK(compute("truncf", RBLNC_F16, narrow, {{y, RBLNC_F32, 0}}, 1).status == RBLNC_DONE);

  Answer wrong = compute("__nv_fdimf", RBLNC_F32, out, {{x, RBLNC_F32, 0}}, 3);
  CHECK(wrong.status == RBLNC_USAGE);
  CHECK(wrong.says.find("__nv_fdimf: its types are f(ff)") != std::string::npos);
  CHECK(compute("__nv_j0f", RBLNC_F32, out, {{x, RBLNC_F32, 0}}, 3).status == RBLNC_USAGE);
}

TEST_CASE("what is known of a function of a device library", "[capi]") {
  auto view = [](rblnc_string given) { return std::string(given.data ? given.data : "", given.size); };
  rblnc_function_info info{sizeof info, {}, {}};
  REQUIRE(rblnc_library_function(text("__nv_fmaf_rn"), &info) == RBLNC_DONE);
  CHECK(view(info.types) == "f(fff)");
  CHECK(view(info.operation) == "fma");
  REQUIRE(rblnc_library_function(text("__ocml_fdim_f32"), &info) == RBLNC_DONE);
  CHECK(view(info.types) == "f(ff)");
  CHECK(view(info.operation).empty());
  CHECK(rblnc_library_function(text("__nv_fadd_rd"), &info) == RBLNC_USAGE);
  CHECK(rblnc_library_function(text("__nv_fmaf"), nullptr) == RBLNC_USAGE);
  info.size = 1;
  CHECK(rblnc_library_function(text("__nv_fmaf"), &info) == RBLNC_USAGE);
}

TEST_CASE("figures of a chip", "[capi]") {
  double value = 0;
  REQUIRE(rblnc_target_figure(text(""), text("line_elements"), &value) == RBLNC_DONE);
  CHECK(value == 64);
  REQUIRE(rblnc_target_figure(text("rbln-cr03"), text("sync_seconds"), &value) == RBLNC_DONE);
  CHECK((value > 0 && value < 1));
  for (auto [target, key] : {std::pair("rbln-x", "line_elements"), std::pair("", "compute_dtype"), std::pair("", "x")})
    CHECK(rblnc_target_figure(text(target), text(key), &value) == RBLNC_USAGE);
  CHECK(rblnc_target_figure(text(""), text("engines"), nullptr) == RBLNC_USAGE);
}
