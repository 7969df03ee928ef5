// What the planner refuses in RBLN IR that was written by hand.
#include "rblnc/npu/Dialect.h"
#include "rblnc/plan/Plan.h"
#include "rblnc/rbln/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace rblnc;

/// The one diagnostic of planning a kernel over two arrays, %x and %y, of 64 f32.
static rblnc::Diagnostic refusalOf(const std::string &body) {
  MLIRContext context;
  context.loadDialect<rbln::RBLNDialect, npu::NPUDialect, func::FuncDialect, linalg::LinalgDialect,
                      tensor::TensorDialect, arith::ArithDialect, math::MathDialect, scf::SCFDialect>();
  auto module = parseSourceString<ModuleOp>(
      "func.func @k(%x: !rbln.array<64xf32> {rbln.name = \"x\"}, %y: !rbln.array<64xf32> {rbln.name = \"y\"}) {\n" +
          body + "\nreturn }",
      &context);
  REQUIRE(module);
  Diagnostics diagnostics;
  llvm::Expected<const Target *> target = findTarget(defaultTargetName);
  REQUIRE(static_cast<bool>(target));
  CHECK(failed(planForTarget(*module, **target, {}, diagnostics)));
  REQUIRE(diagnostics.all().size() == 1);
  return diagnostics.all()[0];
}

TEST_CASE("C009: a block that leaves its array is refused with the element that it reaches") {
  auto diagnostic = refusalOf("%0 = rbln.load %x at 1 strides [1] : <64xf32> -> tensor<64xf32>");
  CHECK(diagnostic.code == Code::C009);
  CHECK(diagnostic.message == "the block reaches element 64 of 'x', which has 64");
}

TEST_CASE("C009: negative addresses and every value of a dynamic term count") {
  CHECK(refusalOf("%0 = rbln.load %x at 62 strides [-1] : <64xf32> -> tensor<64xf32>").message ==
        "the block reaches element -1 of 'x', which has 64");
  auto diagnostic = refusalOf("%i = arith.constant dense<3> : tensor<i32>\n"
                              "%t = rbln.to_index %i : tensor<i32> -> !rbln.index<0, 7>\n"
                              "%0 = rbln.load %x at 0 plus (%t : !rbln.index<0, 7>) times [8] strides [1] : <64xf32> "
                              "-> tensor<16xf32>");
  CHECK(diagnostic.message == "the block reaches element 71 of 'x', which has 64");
}

TEST_CASE("C009: a clip that depends on an index bounds its axis, and no other") {
  const std::string index = "%i = arith.constant dense<3> : tensor<i32>\n"
                            "%t = rbln.to_index %i : tensor<i32> -> !rbln.index<0, 8>\n";
  // Rows up to the index, which is at most 8, of 9 rows of 8 columns each: 8 rows fit, unless they are moved on.
  const std::string clips = " clips [#rbln.clip<axis = 0, lo = 0, hi = 0, term = 0, hi_scale = 1>] clip_terms "
                            "(%t : !rbln.index<0, 8>) : <64xf32> -> tensor<9x8xf32>";
  CHECK(refusalOf(index + "%0 = rbln.load %x at 1 strides [8, 1]" + clips).message ==
        "the block reaches element 64 of 'x', which has 64");
  CHECK(refusalOf(index + "%0 = rbln.load %x at 0 strides [8, 2]" + clips).message ==
        "the block reaches element 70 of 'x', which has 64");
  CHECK(refusalOf(index + "%0 = rbln.load %x at 0 plus (%t : !rbln.index<0, 8>) times [8] strides [8, 1]" + clips)
            .message == "the block reaches element 127 of 'x', which has 64");
  CHECK(refusalOf(index +
                  "%0 = rbln.load %x at 0 plus (%t : !rbln.index<0, 8>) times [9223372036854775807] strides "
                  "[9223372036854775807, 1]" +
                  clips)
            .message.find("the block reaches element beyond 2^63") == 0);
}

TEST_CASE("P002: a region that computes with tensors is refused") {
  auto diagnostic = refusalOf("%0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>\n"
                              "%1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], "
                              "iterator_types = [\"parallel\"]} ins(%0 : tensor<64xf32>) outs(%0 : tensor<64xf32>) {\n"
                              "^bb0(%a: f32, %b: f32):\n"
                              "  %e = tensor.empty() : tensor<4xf32>\n"
                              "  %c = arith.addf %a, %a : f32\n"
                              "  linalg.yield %c : f32\n"
                              "} -> tensor<64xf32>");
  CHECK(diagnostic.code == Code::P002);
  CHECK(diagnostic.message == "linalg.generic computes with an operation that is no scalar one of arith, math or rbln");
}

TEST_CASE("P002: a region that computes with whole blocks of arith is refused") {
  auto diagnostic = refusalOf("%0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>\n"
                              "%1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], "
                              "iterator_types = [\"parallel\"]} ins(%0 : tensor<64xf32>) outs(%0 : tensor<64xf32>) {\n"
                              "^bb0(%a: f32, %b: f32):\n"
                              "  %l = arith.constant dense<1.0> : tensor<4xf32>\n"
                              "  %m = arith.addf %l, %l : tensor<4xf32>\n"
                              "  linalg.yield %a : f32\n"
                              "} -> tensor<64xf32>");
  CHECK(diagnostic.code == Code::P002);
  CHECK(diagnostic.message == "linalg.generic computes with an operation that is no scalar one of arith, math or rbln");
}

TEST_CASE("P002: branches that are no choice of tensors by the element of one are refused") {
  const std::string flag = "%c = arith.constant dense<true> : tensor<i1>\n"
                           "%f = tensor.extract %c[] : tensor<i1>\n";
  CHECK(refusalOf(flag + "%r = scf.if %f -> (!rbln.array<64xf32>) { scf.yield %x : !rbln.array<64xf32> } else { "
                         "scf.yield %y : !rbln.array<64xf32> }")
            .message == "a branch has a result that is no tensor of known shape");
  CHECK(refusalOf(flag + "%r = scf.if %f -> (i1) { scf.yield %f : i1 } else { scf.yield %f : i1 }").message ==
        "a branch has a result that is no tensor of known shape");
  CHECK(refusalOf("%f = arith.constant true\nscf.if %f { }").message ==
        "the condition of a branch is not the element of a tensor");
  CHECK(refusalOf(flag + "%v = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>\n"
                         "scf.if %f {\n scf.if %f {\n rbln.store %v, %y at 0 strides [1] : tensor<64xf32> -> <64xf32> "
                         "\n} }")
            .message == "a branch stands inside of a branch");
}

TEST_CASE("P002: an operation without a device command is named") {
  auto diagnostic = refusalOf("%0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>\n"
                              "%1 = math.tan %0 : tensor<64xf32>");
  CHECK(diagnostic.code == Code::P002);
  CHECK(diagnostic.message == "'math.tan' has no device command");
}

TEST_CASE("P002: a reduction loop that is no matrix product is refused") {
  auto diagnostic =
      refusalOf("%0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>\n"
                "%z = arith.constant dense<0.0> : tensor<f32>\n"
                "%1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], "
                "iterator_types = [\"reduction\"]} ins(%0 : tensor<64xf32>) outs(%z : tensor<f32>) {\n"
                "^bb0(%a: f32, %b: f32):\n %s = arith.addf %a, %b : f32\n linalg.yield %s : f32 } -> tensor<f32>");
  CHECK(diagnostic.code == Code::P002);
}

TEST_CASE("P002: an indexing map with arithmetic is refused") {
  auto diagnostic =
      refusalOf("%0 = rbln.load %x at 0 strides [1] : <64xf32> -> tensor<64xf32>\n"
                "%e = tensor.empty() : tensor<32xf32>\n"
                "%1 = linalg.generic {indexing_maps = [affine_map<(i) -> (i + 1)>, affine_map<(i) -> (i)>], "
                "iterator_types = [\"parallel\"]} ins(%0 : tensor<64xf32>) outs(%e : tensor<32xf32>) {\n"
                "^bb0(%a: f32, %b: f32):\n linalg.yield %a : f32 } -> tensor<32xf32>");
  CHECK(diagnostic.code == Code::P002);
}
