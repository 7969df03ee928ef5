// Shapes of arrays from the accesses to them, and declared ones.
#include "Lowered.h"

#include "catch2/catch.hpp"

namespace {

/// A load through a block pointer and a store of it to %o, an array of its own.
std::string blockLoad(const std::string &shape, const std::string &strides, const std::string &offsets,
                      const std::string &block, const std::string &attributes = "") {
  return "%p = tt.make_tensor_ptr %x, [" + shape + "], [" + strides + "], [" + offsets +
         "] {order = array<i32: 1, 0>} : <tensor<" + block + "xf32>>\n%v = tt.load %p " + attributes +
         " : !tt.ptr<tensor<" + block + "xf32>>\n%q = tt.make_tensor_ptr %o, [" + shape + "], [" + strides +
         "], [%zero, %zero] {order = array<i32: 1, 0>} : <tensor<" + block +
         "xf32>>\ntt.store %q, %v : !tt.ptr<tensor<" + block + "xf32>>\n";
}

const std::string arguments = "%x: !tt.ptr<f32>, %o: !tt.ptr<f32>";
const std::string constants = R"(%zero = arith.constant 0 : i32
%c64i = arith.constant 64 : i32
%cm1i = arith.constant -1 : i32
%c1 = arith.constant 1 : i64
%c16 = arith.constant 16 : i64
%c64 = arith.constant 64 : i64
%c128 = arith.constant 128 : i64
)";

} // namespace

TEST_CASE("a block pointer with row-major strides declares its array") {
  Lowered lowered(arguments, constants + blockLoad("%c16, %c128", "%c128, %c1", "%zero, %c64i", "16x64"));
  CHECK(lowered.contains("%arg0: !rbln.array<16x128xf32> {rbln.name"));
  CHECK(lowered.contains("rbln.load %arg0 at 64 strides [128, 1]"));
}

TEST_CASE("other strides tell the inner extents") {
  Lowered lowered(arguments, constants + blockLoad("%c16, %c64", "%c128, %c1", "%zero, %zero", "16x64"));
  CHECK(lowered.contains("%arg0: !rbln.array<16x128xf32> {rbln.name"));
}

TEST_CASE("strides that do not nest tell only the extent") {
  Lowered lowered(arguments, constants + blockLoad("%c64, %c16", "%c1, %c64", "%zero, %zero", "64x16"));
  CHECK(lowered.contains("%arg0: !rbln.array<1024xf32> {rbln.extent_only"));
}

TEST_CASE("equal strides of two axes do not nest") {
  // The block is one column wide, at column 3.
  Lowered lowered(arguments, R"(%three = arith.constant 3 : i32
)" + constants + blockLoad("%c16, %c16", "%c1, %c1", "%zero, %three", "16x1"));
  INFO(lowered.text);
  CHECK(lowered.contains("%arg0: !rbln.array<19xf32> {rbln.extent_only"));
}

TEST_CASE("C009: a block outside of the array") {
  Lowered beyond(arguments, constants + blockLoad("%c16, %c64", "%c64, %c1", "%c64i, %zero", "16x64"));
  CHECK(beyond.codes() == "C009");
  Lowered before(arguments, constants + blockLoad("%c16, %c64", "%c64, %c1", "%cm1i, %zero", "16x64"));
  CHECK(before.codes() == "C009");
}

TEST_CASE("a checked block may stick out") {
  Lowered lowered(arguments, constants + blockLoad("%c16, %c64", "%c64, %c1", "%cm1i, %zero", "16x64",
                                                   "{boundaryCheck = array<i32: 0>}"));
  CHECK(lowered.contains("at -64 strides [64, 1] clips [#rbln.clip<axis = 0, lo = 1, hi = 16>]"));
}

TEST_CASE("an argument that is not used has one element") {
  Lowered lowered("%x: !tt.ptr<f16>", "");
  CHECK(lowered.contains("!rbln.array<1xf16> {rbln.extent_only"));
}

TEST_CASE("a declared shape replaces the kernel's strides") {
  rblnc::LowerOptions options;
  options.shapes["arg0"] = {32, 256};
  Lowered lowered(arguments, constants + blockLoad("%c16, %c128", "%c1, %c1", "%zero, %c64i", "16x64"), options);
  INFO(lowered.message());
  CHECK(lowered.codes() == "C004"); // The store to %o still uses the strides.
  options.shapes["arg1"] = {32, 256};
  Lowered both(arguments, constants + blockLoad("%c16, %c128", "%c64, %c1", "%zero, %c64i", "16x64"), options);
  CHECK(both.contains("rbln.load %arg0 at 64 strides [256, 1] : <32x256xf32>"));
}

TEST_CASE("I013: a declared shape of another rank, or none at all") {
  rblnc::LowerOptions options;
  options.shapes["arg0"] = {2048};
  std::string body = constants + blockLoad("%c16, %c128", "%c128, %c1", "%zero, %zero", "16x64");
  CHECK(Lowered(arguments, body, options).codes() == "I013");
  options.shapes["arg0"] = {16, 0};
  CHECK(Lowered(arguments, body, options).codes() == "I013");
  options.shapes["arg0"] = {int64_t(1) << 40, int64_t(1) << 40};
  CHECK(Lowered(arguments, body, options).codes() == "I013");
}

TEST_CASE("C009: a declared shape that is too small") {
  rblnc::LowerOptions options;
  options.shapes["arg0"] = {16, 32};
  std::string body = constants + blockLoad("%c16, %c128", "%c128, %c1", "%zero, %zero", "16x64");
  CHECK(Lowered(arguments, body, options).codes() == "C009");
}

TEST_CASE("C009: a declared shape with one element less than the kernel reads") {
  for (int64_t extent : {15, 16, 17}) {
    rblnc::LowerOptions options;
    options.shapes["arg0"] = {extent};
    Lowered lowered(arguments, R"(%i = tt.make_range {end = 16 : i32, start = 0 : i32} : tensor<16xi32>
      %xs = tt.splat %x : !tt.ptr<f32> -> tensor<16x!tt.ptr<f32>>
      %os = tt.splat %o : !tt.ptr<f32> -> tensor<16x!tt.ptr<f32>>
      %p = tt.addptr %xs, %i : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
      %q = tt.addptr %os, %i : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
      %v = tt.load %p : tensor<16x!tt.ptr<f32>>
      tt.store %q, %v : tensor<16x!tt.ptr<f32>>)",
                    options);
    INFO(extent);
    CHECK(lowered.codes() == (extent < 16 ? "C009" : "none"));
  }
}

TEST_CASE("I013: a declared shape of an array whose base is moved") {
  for (int by : {0, 1, -1}) {
    rblnc::LowerOptions options;
    options.shapes["arg0"] = {16, 64};
    std::string body = constants + blockLoad("%c16, %c64", "%c64, %c1", "%zero, %zero", "16x64");
    body.replace(body.find("tt.make_tensor_ptr %x"), 21, "tt.make_tensor_ptr %base");
    Lowered lowered(arguments, "%by = arith.constant " + std::to_string(by) + R"( : i32
      %base = tt.addptr %x, %by : !tt.ptr<f32>, i32
      )" + body,
                    options);
    INFO(by << lowered.message());
    CHECK(lowered.codes() == (by == 0 ? "none" : "I013"));
  }
}

TEST_CASE("I010 and I011: a shape for nothing, or for a scalar") {
  rblnc::LowerOptions options;
  options.shapes["y"] = {1};
  CHECK(Lowered("%x: !tt.ptr<f32>", "", options).codes() == "I010");
  options.shapes = {{"arg0", {4}}};
  CHECK(Lowered("%n: i32", "", options).codes() == "I011");
}

TEST_CASE("C005: arguments of unsupported types") {
  CHECK(Lowered("%x: !tt.ptr<f64>", "").codes() == "C005");
  CHECK(Lowered("%x: f64", "").codes() == "C005");
  CHECK(Lowered("%x: !tt.ptr<f8E5M2>", "").codes() == "C005");
  CHECK(Lowered("%x: !tt.ptr<!tt.ptr<f32>>", "").codes() == "C004");
}

TEST_CASE("a checked offset that no 32-bit value brings inside of the array") {
  Lowered lowered("%x: !tt.ptr<f32>, %n: i32", R"(%c = arith.constant -2147483648 : i32
    %one = arith.constant 1 : i64
    %p = tt.make_tensor_ptr %x, [%one], [%one], [%n] {order = array<i32: 0>} : <tensor<16xf32>>
    %q = tt.advance %p, [%c] : <tensor<16xf32>>
    %r = tt.advance %q, [%c] : <tensor<16xf32>>
    %s = tt.advance %r, [%c] : <tensor<16xf32>>
    %v = tt.load %s {boundaryCheck = array<i32: 0>} : !tt.ptr<tensor<16xf32>>
    tt.store %s, %v {boundaryCheck = array<i32: 0>} : !tt.ptr<tensor<16xf32>>)");
  CHECK(lowered.codes() == "none");
  CHECK(lowered.contains("!rbln.index<6442450928, 6442450945>"));
}
