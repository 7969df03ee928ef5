// What the lowering rejects by itself, whatever the rules that run before it let through.
#include "Lowered.h"

#include "catch2/catch.hpp"

namespace {

const std::string pointers = R"(
%range = tt.make_range {end = 16 : i32, start = 0 : i32} : tensor<16xi32>
%base = tt.splat %x : !tt.ptr<f32> -> tensor<16x!tt.ptr<f32>>
%ptr = tt.addptr %base, %range : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
%v = tt.load %ptr : tensor<16x!tt.ptr<f32>>
)";

/// Codes of a kernel over `%x: !tt.ptr<f32>`, `%i: !tt.ptr<i32>` and `%n: i32` that stores %r, f32 in 16 elements.
std::string codesOf(const std::string &body) {
  return Lowered("%x: !tt.ptr<f32>, %i: !tt.ptr<i32>, %n: i32",
                 pointers + body + "\ntt.store %ptr, %r : tensor<16x!tt.ptr<f32>>")
      .codes();
}

} // namespace

TEST_CASE("C003: operations without a lowering") {
  CHECK(codesOf(R"(%r = "tt.scan"(%v) <{axis = 0 : i32, reverse = false}> ({
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      tt.scan.return %s : f32
    }) : (tensor<16xf32>) -> tensor<16xf32>)") == "C003");
  CHECK(codesOf(R"(%r = tt.extern_elementwise %v {libname = "", libpath = "", pure = true, symbol = "__nv_j0f"}
    : (tensor<16xf32>) -> tensor<16xf32>)") == "C003");
  CHECK(codesOf(R"(%r = tt.gather %v[%range] {axis = 0 : i32} : (tensor<16xf32>, tensor<16xi32>) -> tensor<16xf32>)") ==
        "C003");
  CHECK(codesOf(R"(%r = math.clampf %v to [%v, %v] : tensor<16xf32>)") == "C003");
  CHECK(codesOf("%r = ub.poison : tensor<16xf32>") == "C003");
}

TEST_CASE("C003: effects without a lowering are not dropped") {
  CHECK(codesOf(R"(tt.print "x" {hex = false, isSigned = array<i32: 0>} : %v : tensor<16xf32>
    %r = arith.addf %v, %v : tensor<16xf32>)") == "C003");
  CHECK(codesOf(R"(%k = arith.cmpf ogt, %v, %v : tensor<16xf32>
    tt.assert %k, "why" : tensor<16xi1>
    %r = arith.addf %v, %v : tensor<16xf32>)") == "C003");
}

TEST_CASE("C003: an assertion that does not hold is not dropped, whatever its form") {
  auto asserting = [](const std::string &constant, const std::string &type) {
    return codesOf("%k = arith.constant " + constant + "\ntt.assert %k, \"why\" : " + type +
                   "\n%r = arith.addf %v, %v : tensor<16xf32>");
  };
  CHECK(asserting("true", "i1") == "none");
  CHECK(asserting("false", "i1") == "C003");
  CHECK(asserting("dense<true> : tensor<16xi1>", "tensor<16xi1>") == "none");
  CHECK(asserting("dense<false> : tensor<16xi1>", "tensor<16xi1>") == "C003");
  CHECK(asserting("dense<[true, false]> : tensor<2xi1>", "tensor<2xi1>") != "none");
}

TEST_CASE("masks joined by or: one side decides, or there is no range") {
  auto joined = [](const std::string &left, const std::string &right) {
    return codesOf(R"(%zero = arith.constant dense<0> : tensor<16xi32>
      %five = arith.constant dense<5> : tensor<16xi32>
      %always = arith.cmpi sge, %range, %zero : tensor<16xi32>
      %never = arith.cmpi slt, %range, %zero : tensor<16xi32>
      %some = arith.cmpi slt, %range, %five : tensor<16xi32>
      %other = arith.cmpi sgt, %range, %five : tensor<16xi32>
      %m = arith.ori %)" +
                   left + ", %" + right + R"( : tensor<16xi1>
      %r = tt.load %ptr, %m : tensor<16x!tt.ptr<f32>>)");
  };
  for (const char *side : {"always", "never", "some"}) {
    CHECK(joined(side, "always") == "none");
    CHECK(joined(side, "never") == "none");
    CHECK(joined("always", side) == "none");
    CHECK(joined("never", side) == "none");
  }
  CHECK(joined("some", "other") == "C004");
}

TEST_CASE("what has no meaning for one program is dropped") {
  CHECK(codesOf(R"(%true = arith.constant true
    tt.assert %true, "holds" : i1
    llvm.intr.assume %true : i1
    gpu.barrier
    %r = arith.addf %v, %v : tensor<16xf32>)") == "none");
}

TEST_CASE("dead operations need no lowering") {
  CHECK(codesOf(R"(%d = math.clampf %v to [%v, %v] : tensor<16xf32>
    %r = arith.addf %v, %v : tensor<16xf32>)") == "none");
}

TEST_CASE("C003: run-time branches") {
  // The rules let partition_skip alone decide one (src/check); the lowering takes any condition, one level deep.
  const std::string conditions = R"(%z = arith.constant 0 : i32
    %w = arith.constant 5 : i32
    %t = arith.cmpi sgt, %n, %z : i32
    %u = arith.cmpi slt, %n, %w : i32
    %e = math.exp %v : tensor<16xf32>)";
  CHECK(codesOf(conditions + R"(
    %r = scf.if %t -> tensor<16xf32> {
      %a = arith.addf %v, %e : tensor<16xf32>
      scf.yield %a : tensor<16xf32>
    } else {
      scf.yield %v : tensor<16xf32>
    })") == "none");
  CHECK(codesOf(conditions + R"(
    %r = scf.if %t -> tensor<16xf32> {
      %q = scf.if %u -> tensor<16xf32> {
        %a = arith.addf %v, %e : tensor<16xf32>
        scf.yield %a : tensor<16xf32>
      } else {
        %s = arith.subf %v, %e : tensor<16xf32>
        scf.yield %s : tensor<16xf32>
      }
      scf.yield %q : tensor<16xf32>
    } else {
      scf.yield %v : tensor<16xf32>
    })") == "C003");
  CHECK(Lowered("%x: !tt.ptr<f32>, %n: i32", R"(%z = arith.constant 0 : i32
    %f = arith.constant 0.0 : f32
    %t = arith.cmpi sgt, %n, %z : i32
    cf.cond_br %t, ^bb1, ^bb2
   ^bb1:
    tt.store %x, %f : !tt.ptr<f32>
    cf.br ^bb2
   ^bb2:)")
            .codes() == "C003");
}

TEST_CASE("C003: roundings and bitcasts that no operation computes") {
  CHECK(codesOf(R"(%h = tt.fp_to_fp %v, rounding = rtz : tensor<16xf32> -> tensor<16xf16>
    %r = arith.extf %h : tensor<16xf16> to tensor<16xf32>)") == "C003");
  CHECK(codesOf(R"(%h = tt.fp_to_fp %v, rounding = rtne : tensor<16xf32> -> tensor<16xbf16>
    %r = arith.extf %h : tensor<16xbf16> to tensor<16xf32>)") == "none");
}

TEST_CASE("C003: a constant tensor with different elements") {
  CHECK(codesOf(R"(%c = arith.constant dense<[0.,1.,2.,3.,4.,5.,6.,7.,8.,9.,10.,11.,12.,13.,14.,15.]> : tensor<16xf32>
    %r = arith.addf %v, %c : tensor<16xf32>)") == "C003");
}

TEST_CASE("C004: addresses out of memory, of a product of positions, or shared by a store") {
  const std::string gather = R"(%ib = tt.splat %i : !tt.ptr<i32> -> tensor<16x!tt.ptr<i32>>
    %ip = tt.addptr %ib, %range : tensor<16x!tt.ptr<i32>>, tensor<16xi32>
    %index = tt.load %ip : tensor<16x!tt.ptr<i32>>
    %gp = tt.addptr %base, %index : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
    %r = tt.load %gp : tensor<16x!tt.ptr<f32>>)";
  CHECK(codesOf(gather) == "C004");
  CHECK(codesOf(R"(%square = arith.muli %range, %range : tensor<16xi32>
    %gp = tt.addptr %base, %square : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
    %r = tt.load %gp : tensor<16x!tt.ptr<f32>>)") == "C004");
  CHECK(codesOf(R"(%r = arith.addf %v, %v : tensor<16xf32>
    tt.store %base, %r : tensor<16x!tt.ptr<f32>>)") == "C004");
}

TEST_CASE("C004: masks that are no range of positions") {
  CHECK(codesOf(R"(%z = arith.constant dense<0.0> : tensor<16xf32>
    %m2 = arith.cmpf ogt, %v, %z : tensor<16xf32>
    %r = tt.load %ptr, %m2 : tensor<16x!tt.ptr<f32>>)") == "C004");
}

TEST_CASE("C004: pointers as values") {
  CHECK(codesOf(R"(%a = tt.ptr_to_int %x : !tt.ptr<f32> -> i64
    %f = arith.sitofp %a : i64 to f32
    %r = tt.splat %f : f32 -> tensor<16xf32>)") == "C003");
  CHECK(codesOf(R"(%wide = arith.extsi %n : i32 to i64
    %a = tt.int_to_ptr %wide : i64 -> !tt.ptr<f32>
    %s = tt.load %a : !tt.ptr<f32>
    %r = tt.splat %s : f32 -> tensor<16xf32>)") == "C004");
  CHECK(codesOf(R"(%c = tt.bitcast %x : !tt.ptr<f32> -> !tt.ptr<i32>
    %s = tt.load %c : !tt.ptr<i32>
    %f = arith.sitofp %s : i32 to f32
    %r = tt.splat %f : f32 -> tensor<16xf32>)") == "C004");
}

TEST_CASE("C005: values of unsupported types") {
  CHECK(codesOf(R"(%d = arith.extf %v : tensor<16xf32> to tensor<16xf64>
    %e = arith.addf %d, %d : tensor<16xf64>
    %r = arith.truncf %e : tensor<16xf64> to tensor<16xf32>)") == "C005");
  CHECK(codesOf(R"(%h = tt.fp_to_fp %v, rounding = rtne : tensor<16xf32> -> tensor<16xf8E5M2>
    %r = tt.fp_to_fp %h : tensor<16xf8E5M2> -> tensor<16xf32>)") == "C005");
}

TEST_CASE("C008: strides, shapes and extents of the run time") {
  CHECK(codesOf(R"(%s = tt.splat %n : i32 -> tensor<16xi32>
    %o = arith.muli %range, %s : tensor<16xi32>
    %p = tt.addptr %base, %o : tensor<16x!tt.ptr<f32>>, tensor<16xi32>
    %r = tt.load %p : tensor<16x!tt.ptr<f32>>)") == "C008");
  CHECK(codesOf(R"(%w = arith.extsi %n : i32 to i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %p = tt.make_tensor_ptr %x, [%w], [%one], [%zero] {order = array<i32: 0>} : <tensor<16xf32>>
    %r = tt.load %p : !tt.ptr<tensor<16xf32>>)") == "C008");
  CHECK(codesOf(R"(%p = tt.addptr %x, %n : !tt.ptr<f32>, i32
    %s = tt.load %p : !tt.ptr<f32>
    %r = tt.splat %s : f32 -> tensor<16xf32>)") == "C008");
}

TEST_CASE("C008 names the argument to bind") {
  Lowered lowered("%x: !tt.ptr<f32>, %n: i32", R"(%w = arith.extsi %n : i32 to i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %p = tt.make_tensor_ptr %x, [%w], [%one], [%zero] {order = array<i32: 0>} : <tensor<16xf32>>
    %v = tt.load %p : !tt.ptr<tensor<16xf32>>
    tt.store %p, %v : !tt.ptr<tensor<16xf32>>)");
  CHECK(lowered.message().find("--bind arg1=VALUE") != std::string::npos);
}

TEST_CASE("C009: addresses that do not fit 64 bits") {
  CHECK(codesOf(R"(%huge = arith.constant 9223372036854775807 : i64
    %one = arith.constant 1 : i64
    %zero = arith.constant 0 : i32
    %p = tt.make_tensor_ptr %x, [%one], [%huge], [%zero] {order = array<i32: 0>} : <tensor<16xf32>>
    %r = tt.load %p : !tt.ptr<tensor<16xf32>>)") == "C009");
  CHECK(codesOf(R"(%huge = arith.constant 9223372036854775807 : i64
    %p = tt.addptr %x, %huge : !tt.ptr<f32>, i64
    %p2 = tt.addptr %p, %huge : !tt.ptr<f32>, i64
    %s = tt.load %p2 : !tt.ptr<f32>
    %r = tt.splat %s : f32 -> tensor<16xf32>)") == "C004");
}

TEST_CASE("a function that combines elements may use constants from outside, and nothing else") {
  const std::string head = R"(%k = arith.constant 2.0 : f32
    %s = tt.load %x : !tt.ptr<f32>
    %t = "tt.reduce"(%v) <{axis = 0 : i32}> ({
    ^bb0(%a: f32, %b: f32):
)";
  const std::string tail = R"(
      tt.reduce.return %m : f32
    }) : (tensor<16xf32>) -> f32
    %r = tt.splat %t : f32 -> tensor<16xf32>)";
  CHECK(codesOf(head + "%q = arith.mulf %b, %k : f32\n%m = arith.addf %a, %q : f32" + tail) == "none");
  CHECK(codesOf(head + "%q = arith.mulf %b, %s : f32\n%m = arith.addf %a, %q : f32" + tail) == "C003");
  CHECK(codesOf(head + "%q = math.clampf %b to [%b, %b] : f32\n%m = arith.addf %a, %q : f32" + tail) == "C003");
}
