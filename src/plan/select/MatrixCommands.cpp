// Choosing commands: contractions become matrix products.
#include "CommandBuilder.h"

#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace rblnc::plan {

/// Looks through the widening of an operand to the accumulator's type.
static Value stripExtension(Value value) {
  if (Operation *op = value.getDefiningOp(); op && isa<arith::ExtFOp, arith::ExtSIOp>(op))
    return op->getOperand(0);
  return value;
}

/// Whether the body is `acc + a * b`, with a and b possibly widened first.
static bool isMultiplyAdd(linalg::GenericOp op) {
  Block &body = *op.getBody();
  auto yield = cast<linalg::YieldOp>(body.getTerminator());
  Operation *add = yield.getOperand(0).getDefiningOp();
  if (!add || !isa<arith::AddFOp, arith::AddIOp>(add))
    return false;
  for (int side : {0, 1}) {
    if (add->getOperand(side) != body.getArgument(2))
      continue;
    Operation *multiply = add->getOperand(1 - side).getDefiningOp();
    if (!multiply || !isa<arith::MulFOp, arith::MulIOp>(multiply))
      continue;
    Value a = stripExtension(multiply->getOperand(0)), b = stripExtension(multiply->getOperand(1));
    if ((a == body.getArgument(0) && b == body.getArgument(1)) ||
        (b == body.getArgument(0) && a == body.getArgument(1)))
      return true;
  }
  return false;
}

namespace {
/// The loops of a contraction by their role.
struct Roles {
  SmallVector<unsigned, 4> batch, m, n, k;
};
} // namespace

static Roles rolesOf(linalg::GenericOp op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  auto uses = [&](unsigned operand, unsigned loop) {
    return llvm::is_contained(*dimensionsOf(maps[operand]), static_cast<int>(loop));
  };
  Roles roles;
  for (auto [loop, kind] : llvm::enumerate(op.getIteratorTypesArray())) {
    if (kind == utils::IteratorType::reduction)
      roles.k.push_back(loop);
    else if (uses(0, loop) == uses(1, loop))
      roles.batch.push_back(loop);
    else
      (uses(0, loop) ? roles.m : roles.n).push_back(loop);
  }
  // A batch that one operand is broadcast over looks like another m or n; the innermost loop is the matrix's own.
  for (SmallVector<unsigned, 4> *loops : {&roles.m, &roles.n})
    while (loops->size() > 1) {
      roles.batch.push_back(loops->front());
      loops->erase(loops->begin());
    }
  return roles;
}

static bool isZero(TypedAttr value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValue().isZero();
  auto number = dyn_cast<IntegerAttr>(value);
  return number && number.getValue().isZero();
}

/// Whether a value is the result of another product on the same engine, read by nobody but its one user.
static bool isOwnSum(Value start) {
  auto product = start.getDefiningOp<linalg::GenericOp>();
  return product && product.getNumReductionLoops() > 0 && start.hasOneUse() &&
         product->getBlock() == (*start.user_begin())->getBlock();
}

LogicalResult CommandBuilder::visitContraction(linalg::GenericOp op) {
  Roles roles = rolesOf(op);
  if (op.getNumDpsInputs() != 2 || !isMultiplyAdd(op) || roles.m.size() != 1 || roles.n.size() != 1 ||
      roles.k.size() != 1) {
    diagnostics.report(Code::P002, "linalg.generic with reduction loops is not a matrix product",
                       framesOf(op.getLoc()));
    return failure();
  }
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<unsigned, 6> order(roles.batch.begin(), roles.batch.end());
  order.append({roles.m[0], roles.n[0], roles.k[0]});
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  auto accessOf = [&](const View &view, unsigned operand) {
    Extents loops = view.stridesThrough(maps[operand]), ordered;
    for (unsigned loop : order)
      ordered.push_back(loops[loop]);
    return access(view, ordered);
  };
  View a = materialize(op.getInputs()[0], op.getLoc());
  View b = materialize(op.getInputs()[1], op.getLoc());
  // A zero accumulator is what the product starts from anyway. (-0 + x differs from 0 + x only when x is -0.)
  Value start = op.getOutputs()[0];
  View c = resolve(start);
  bool hasStart = !c.splat || !isZero(c.splat);
  if (hasStart)
    c = materialize(start, op.getLoc());
  // A sum that nobody else reads goes on in its place.
  View d = hasStart && isOwnSum(start) ? c : destinationOf(op->getResult(0), op.getLoc());
  SmallVector<int64_t> batch;
  for (unsigned loop : roles.batch)
    batch.push_back(extents[loop]);
  npu::MatmulOp::create(builder, op.getLoc(), queue(npu::Unit::NeuralEngine), batch,
                        ArrayRef<int64_t>{extents[roles.m[0]], extents[roles.n[0]], extents[roles.k[0]]}, a.buffer,
                        accessOf(a, 0), b.buffer, accessOf(b, 1), hasStart ? c.buffer : Value(),
                        hasStart ? accessOf(c, 2) : npu::AccessAttr(), d.buffer, accessOf(d, 2));
  views[op->getResult(0)] = d;
  return success();
}

} // namespace rblnc::plan
