// Which dimensions run together, and how engines and rounds share them.
#include "tiling/SelectTiling.h"

#include "rblnc/rbln/Dialect.h"

#include "catch2/catch.hpp"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace rblnc;
using namespace rblnc::plan;

namespace {

struct Kernel {
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;

  explicit Kernel(const std::string &text) {
    context.loadDialect<rbln::RBLNDialect, func::FuncDialect, linalg::LinalgDialect, tensor::TensorDialect,
                        arith::ArithDialect, math::MathDialect>();
    module = parseSourceString<ModuleOp>(text, &context);
    REQUIRE(module);
    function = *module->getOps<func::FuncOp>().begin();
  }

  /// The n-th operation of a kind.
  template <typename Op> Op get(unsigned number = 0) {
    for (Op op : function.getOps<Op>())
      if (number-- == 0)
        return op;
    FAIL("there is no such operation");
    return {};
  }
};

Partition choose(Kernel &kernel, const DimensionClasses &classes, Split split, int64_t rounds = 0,
                 int64_t scratchpadBytes = 0) {
  llvm::Expected<const Target *> target = findTarget(defaultTargetName);
  REQUIRE(static_cast<bool>(target));
  TilingLimits limits{split, (*target)->engines, rounds,
                      scratchpadBytes ? scratchpadBytes : (*target)->scratchpadBytes};
  return partitionOf(kernel.function, classes, selectTiling(kernel.function, classes, **target, limits));
}

/// Rows of x are reduced; H heads of 4 rows each are one dimension in memory.
const char *rowMaximum = R"(
func.func @k(%x: !rbln.array<24x64xf32>, %y: !rbln.array<24x1xf32>) {
  %v = rbln.load %x at 0 strides [64, 1] : !rbln.array<24x64xf32> -> tensor<24x64xf32>
  %h = tensor.expand_shape %v [[0, 1], [2]] output_shape [6, 4, 64] : tensor<24x64xf32> into tensor<6x4x64xf32>
  %m = rbln.reduce %h axis 2 : (tensor<6x4x64xf32>) -> tensor<6x4x1xf32> {
  ^bb0(%a: f32, %b: f32):
    %c = arith.maximumf %a, %b : f32
    rbln.yield %c : f32
  }
  %r = tensor.collapse_shape %m [[0, 1], [2]] : tensor<6x4x1xf32> into tensor<24x1xf32>
  rbln.store %r, %y at 0 strides [1, 1] : tensor<24x1xf32> -> !rbln.array<24x1xf32>
  return
})";

const char *product = R"(
func.func @k(%a: !rbln.array<3x512xf32>, %b: !rbln.array<512x640xf32>, %c: !rbln.array<3x640xf32>) {
  %x = rbln.load %a at 0 strides [512, 1] : !rbln.array<3x512xf32> -> tensor<3x512xf32>
  %y = rbln.load %b at 0 strides [640, 1] : !rbln.array<512x640xf32> -> tensor<512x640xf32>
  %z = arith.constant dense<0.0> : tensor<3x640xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %y : tensor<3x512xf32>, tensor<512x640xf32>) outs(%z : tensor<3x640xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<3x640xf32>
  rbln.store %d, %c at 0 strides [640, 1] : tensor<3x640xf32> -> !rbln.array<3x640xf32>
  return
})";

} // namespace

TEST_CASE("a reshape cuts a merged dimension where its outermost part is cut") {
  Kernel kernel(rowMaximum);
  DimensionClasses classes(kernel.function);
  Value block = kernel.get<rbln::LoadOp>().getResult();
  Value heads = kernel.get<tensor::ExpandShapeOp>().getResult();
  int rows = classes.classOf(block, 0);
  REQUIRE(rows != DimensionClasses::none);
  CHECK(rows == classes.classOf(heads, 0));
  CHECK(classes.canBeTiled(rows));
  CHECK(classes.extent(rows) == 6);
  // The rows of one head and the reduced columns stay whole.
  CHECK_FALSE(classes.canBeTiled(classes.classOf(heads, 1)));
  CHECK_FALSE(classes.canBeTiled(classes.classOf(block, 1)));
  CHECK(classes.classOf(kernel.get<tensor::CollapseShapeOp>().getResult(), 1) == DimensionClasses::none);
}

TEST_CASE("pieces cover a dimension once, in order, and are as even as its class") {
  Kernel kernel(rowMaximum);
  DimensionClasses classes(kernel.function);
  Partition partition = choose(kernel, classes, Split::most);
  Value block = kernel.get<rbln::LoadOp>().getResult();
  const Tiling *tiling = partition.tilingOf(kernel.get<rbln::LoadOp>());
  REQUIRE(tiling);
  CHECK(tiling->engines() == 6);
  CHECK(tiling->rounds() == 1);
  int64_t next = 0;
  for (int64_t engine = 0; engine < tiling->engines(); ++engine) {
    Slot slot{engine, 0};
    Tile piece = partition.tileOf(block, 0, slot);
    CHECK(piece.start == next);
    CHECK(piece.size == 4);
    next = piece.start + piece.size;
    CHECK(partition.tileOf(block, 1, slot).size == 64);
    CHECK(partition.stores(kernel.get<rbln::StoreOp>(), slot));
  }
  CHECK(next == 24);
  CHECK_FALSE(partition.stores(kernel.get<rbln::StoreOp>(), Slot{6, 0}));
}

TEST_CASE("what is too small to gain anything stays on one engine") {
  Kernel kernel(rowMaximum);
  DimensionClasses classes(kernel.function);
  CHECK(choose(kernel, classes, Split::automatic).isTrivial());
}

TEST_CASE("a contraction is cut along rows and columns over engines, and along the sum in rounds") {
  Kernel kernel(product);
  DimensionClasses classes(kernel.function);
  Value x = kernel.get<rbln::LoadOp>(0).getResult(), y = kernel.get<rbln::LoadOp>(1).getResult();
  CHECK(classes.classOf(x, 1) == classes.classOf(y, 0));
  CHECK_FALSE(classes.canBeTiled(classes.classOf(x, 1)));
  CHECK(classes.canBeTiled(classes.classOf(x, 0)));
  CHECK(classes.canBeTiled(classes.classOf(y, 1)));
  // The columns, because most of the bytes are in b; each engine loads its part of it only.
  Partition partition = choose(kernel, classes, Split::most, /*rounds=*/1);
  CHECK(partition.tileOf(y, 1, {7, 0}).size == 80);
  CHECK(partition.tileOf(y, 1, {7, 0}).start == 560);
  CHECK(partition.tileOf(y, 0, {7, 0}).size == 512);

  CHECK(classes.canBeSummed(classes.classOf(y, 0)));
  Value sum = kernel.get<linalg::GenericOp>().getResult(0);
  Partition rounds = choose(kernel, classes, Split::most, /*rounds=*/8);
  const Tiling *tiling = rounds.tilingOf(kernel.get<linalg::GenericOp>());
  REQUIRE(tiling);
  CHECK(tiling->rounds() >= 8);
  CHECK(rounds.holderOf(x, {3, 5}).engine == 3);
  int64_t columns = 0;
  for (int64_t round = 0; round < tiling->rounds(); ++round)
    if (rounds.holderOf(sum, {3, round}) == Slot{3, round})
      columns += rounds.tileOf(sum, 1, {3, round}).size;
  CHECK(columns == 80);
}

TEST_CASE("what does not fit is cut into rounds, along the sum when rows and columns are few") {
  Kernel kernel(product);
  DimensionClasses classes(kernel.function);
  Value y = kernel.get<rbln::LoadOp>(1).getResult();
  auto contraction = kernel.get<linalg::GenericOp>();
  Partition partition = choose(kernel, classes, Split::none, /*rounds=*/0, /*scratchpadBytes=*/200000);
  const Tiling *tiling = partition.tilingOf(contraction);
  REQUIRE(tiling);
  CHECK(tiling->engines() == 1);
  CHECK(tiling->rounds() > 1);
  Tile rows = partition.tileOf(y, 0, {0, 0}), columns = partition.tileOf(y, 1, {0, 0});
  CHECK(2 * 4 * rows.size * columns.size <= 200000);
}

TEST_CASE("a tensor with one class along two dimensions is not cut along it") {
  Kernel kernel(R"(
func.func @k(%a: !rbln.array<64x64xf32>, %c: !rbln.array<64x64xf32>) {
  %x = rbln.load %a at 0 strides [64, 1] : !rbln.array<64x64xf32> -> tensor<64x64xf32>
  %z = arith.constant dense<0.0> : tensor<64x64xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
                                        affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %x : tensor<64x64xf32>, tensor<64x64xf32>) outs(%z : tensor<64x64xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %t = arith.mulf %p, %q : f32
    %u = arith.addf %s, %t : f32
    linalg.yield %u : f32
  } -> tensor<64x64xf32>
  rbln.store %d, %c at 0 strides [64, 1] : tensor<64x64xf32> -> !rbln.array<64x64xf32>
  return
})");
  DimensionClasses classes(kernel.function);
  Value d = kernel.get<linalg::GenericOp>().getResult(0);
  CHECK(classes.classOf(d, 0) == classes.classOf(d, 1));
  CHECK_FALSE(classes.canBeTiled(classes.classOf(d, 0)));
  CHECK_FALSE(classes.canBeSummed(classes.classOf(d, 0)));
}
