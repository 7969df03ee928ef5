// RBLN IR that later steps rely on not being there is refused, however the kernel is split.
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

/// The one message of planning a module, which no split changes.
static std::string refusalOfModule(const std::string &text) {
  MLIRContext context;
  context.loadDialect<rbln::RBLNDialect, npu::NPUDialect, func::FuncDialect, linalg::LinalgDialect,
                      tensor::TensorDialect, arith::ArithDialect, math::MathDialect, scf::SCFDialect>();
  auto module = parseSourceString<ModuleOp>(text, &context);
  REQUIRE(module);
  llvm::Expected<const Target *> target = findTarget(defaultTargetName);
  REQUIRE(static_cast<bool>(target));
  std::string message;
  for (Split split : {Split::none, Split::automatic, Split::most}) {
    Diagnostics diagnostics;
    CHECK(failed(planForTarget(*module, **target, {.split = split}, diagnostics)));
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].code == Code::P002);
    CHECK((message.empty() || message == diagnostics.all()[0].message));
    message = diagnostics.all()[0].message;
  }
  return message;
}

/// Of a kernel that loads %0 from %x, both 64x64xf32, and stores %0 to %y.
static std::string refusalOf(const std::string &body) {
  return refusalOfModule("func.func @k(%x: !rbln.array<64x64xf32>, %y: !rbln.array<64x64xf32>) {\n"
                         "%0 = rbln.load %x at 0 strides [64, 1] : <64x64xf32> -> tensor<64x64xf32>\n"
                         "%e = tensor.empty() : tensor<64x64xf32>\n" +
                         body +
                         "\nrbln.store %0, %y at 0 strides [64, 1] : tensor<64x64xf32> -> <64x64xf32>\nreturn }");
}

/// An element-wise operation on %0 and what `operands` adds; `body` computes %r from %a.
static std::string elementwise(const std::string &body) {
  return "%1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], "
         "iterator_types = [\"parallel\", \"parallel\"]} ins(%0 : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) {\n"
         "^bb0(%a: f32, %b: f32):\n" +
         body + "\nlinalg.yield %r : f32 } -> tensor<64x64xf32>";
}

TEST_CASE("P002: tensors that no memory holds") {
  const std::string why = " has a tensor without elements, of unknown shape, or of a type no memory holds";
  CHECK(refusalOf("%1 = rbln.load %x at 0 strides [64, 1] : <64x64xf32> -> tensor<0x64xf32>") == "'rbln.load'" + why);
  CHECK(refusalOf("%n = arith.constant 4 : index\n%1 = tensor.empty(%n) : tensor<?x64xf32>") == "'tensor.empty'" + why);
  CHECK(refusalOf("%1 = tensor.empty() : tensor<64xindex>") == "'tensor.empty'" + why);
  CHECK(refusalOf("%1 = tensor.empty() : tensor<4294967296x4294967296xf32>") == "'tensor.empty'" + why);
}

TEST_CASE("P002: operations that nothing is known about are not dropped as unused") {
  CHECK(refusalOf("%n = arith.constant 0 : index\n%m = arith.constant 4 : index\n%o = arith.constant 1 : index\n"
                  "scf.for %i = %n to %m step %o {\n"
                  "rbln.store %0, %y at 0 strides [64, 1] : tensor<64x64xf32> -> <64x64xf32> }") ==
        "'scf.for' has no device command");
}

TEST_CASE("P002: regions that read more than constants from outside") {
  const std::string why = " reads a value from outside of its region that is no constant";
  const std::string element = "%n = arith.constant 0 : index\n"
                              "%v = tensor.extract %0[%n, %n] : tensor<64x64xf32>\n";
  CHECK(refusalOf(element + elementwise("%r = arith.mulf %a, %v : f32")) == "linalg.generic" + why);
  CHECK(refusalOf(element + "%1 = rbln.reduce %0 axis 1 : (tensor<64x64xf32>) -> tensor<64x1xf32> {\n"
                            "^bb0(%a: f32, %b: f32):\n%r = arith.addf %a, %v : f32\nrbln.yield %r : f32 }") ==
        "rbln.reduce" + why);
}

TEST_CASE("P002: positions that are computed with before they are integers") {
  const std::string why = "linalg.generic computes with positions before arith.index_cast makes them integers";
  CHECK(refusalOf(elementwise("%i = linalg.index 0 : index\n%j = arith.addi %i, %i : index\n"
                              "%k = arith.index_cast %j : index to i32\n%r = arith.sitofp %k : i32 to f32")) == why);
  CHECK(refusalOf(elementwise("%i = linalg.index 0 : index\n%k = arith.index_castui %i : index to i32\n"
                              "%r = arith.sitofp %k : i32 to f32")) == why);
  CHECK(refusalOf("%1 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> "
                  "(k, n)>, affine_map<(m, n, k) -> (m, n)>], iterator_types = [\"parallel\", \"parallel\", "
                  "\"reduction\"]} ins(%0, %0 : tensor<64x64xf32>, tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) {\n"
                  "^bb0(%a: f32, %b: f32, %c: f32):\n%i = linalg.index 2 : index\n%p = arith.mulf %a, %b : f32\n"
                  "%r = arith.addf %c, %p : f32\nlinalg.yield %r : f32 } -> tensor<64x64xf32>") ==
        "linalg.generic with reduction loops reads positions");
}

TEST_CASE("P002: operands that are no tensors, and kernels that take or return values") {
  CHECK(refusalOf("%s = arith.constant 2.0 : f32\n"
                  "%1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> ()>, affine_map<(i, j) -> (i, j)>], "
                  "iterator_types = [\"parallel\", \"parallel\"]} ins(%s : f32) outs(%e : tensor<64x64xf32>) {\n"
                  "^bb0(%a: f32, %b: f32):\nlinalg.yield %a : f32 } -> tensor<64x64xf32>") ==
        "linalg.generic reads something else than tensors");
  CHECK(refusalOfModule("func.func @k(%x: tensor<4xf32>) { return }") ==
        "a kernel argument of RBLN IR is not an array");
  CHECK(refusalOfModule("func.func @k() -> tensor<4xf32> { %e = tensor.empty() : tensor<4xf32>\n"
                        "return %e : tensor<4xf32> }") == "the kernel returns values; it can only store them");
  CHECK(refusalOfModule("func.func private @k(!rbln.array<4xf32>)") == "the kernel has control flow");
}

TEST_CASE("P002: blocks with numbers that cannot be moved and scaled") {
  const std::string why = "a block has an offset, stride, scale or clip of more than 2^58 elements";
  const std::string one = " clips [#rbln.clip<axis = 0, lo = 0, hi = 1>] : <64x64xf32> -> tensor<64x64xf32>";
  CHECK(refusalOf("%1 = rbln.load %x at 0 strides [4611686018427387904, 1]" + one) == why);
  CHECK(refusalOf("%i = arith.constant dense<1> : tensor<i32>\n"
                  "%t = rbln.to_index %i : tensor<i32> -> !rbln.index<0, 1>\n"
                  "%1 = rbln.load %x at 0 strides [64, 1] clips [#rbln.clip<axis = 0, lo = -9223372036854775808, "
                  "hi = 0, term = 0, hi_scale = 1>] clip_terms (%t : !rbln.index<0, 1>) : <64x64xf32> -> "
                  "tensor<64x64xf32>") == why);
}
