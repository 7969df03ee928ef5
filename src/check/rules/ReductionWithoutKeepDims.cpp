// RBLN-C002: a reduced value that is used at the lower rank.
#include "rblnc/check/Operations.h"
#include "rblnc/triton/Dialect.h"
#include "rblnc/triton/Location.h"

#include "Describe.h"
#include "Reduction.h"
#include "Rule.h"

namespace rblnc::rules {
namespace {

/// The operand's shape with extent 1 at the reduced axis: what keep_dims=True gives.
llvm::SmallVector<int64_t> keptShape(tt::ReduceOp reduce) {
  auto source = mlir::cast<mlir::RankedTensorType>(reduce.getSrcs().front().getType());
  llvm::SmallVector<int64_t> shape(source.getShape());
  shape[reduce.getAxis()] = 1;
  return shape;
}

/// Whether a location holds another one: is that, or was made of several with that among them.
bool holds(mlir::Location loc, mlir::Location other) {
  if (loc == other)
    return true;
  if (auto fused = mlir::dyn_cast<mlir::FusedLoc>(loc))
    return llvm::any_of(fused.getLocations(), [&](mlir::Location part) { return holds(part, other); });
  auto call = mlir::dyn_cast<mlir::CallSiteLoc>(loc);
  auto otherCall = mlir::dyn_cast<mlir::CallSiteLoc>(other);
  return call && otherCall && call.getCaller() == otherCall.getCaller() &&
         holds(call.getCallee(), otherCall.getCallee());
}

/// Whether arithmetic on a scalar was arithmetic on a tensor of one element. Triton's front end moves a splat behind
/// it, where keep_dims was written; that splat then has the place of the arithmetic beside its own.
bool wasArithmeticOnKeptDims(mlir::Operation *op, unsigned depth = 0) {
  constexpr unsigned maxDepth = 32;
  if (depth > maxDepth || op->getNumResults() != 1 || op->getNumRegions() != 0 || op->use_empty() ||
      !op->getResult(0).getType().isIntOrFloat())
    return false;
  return llvm::all_of(op->getUsers(), [&](mlir::Operation *user) {
    if (mlir::isa<tt::SplatOp>(user))
      return user->getLoc() != op->getLoc() && holds(user->getLoc(), op->getLoc());
    return wasArithmeticOnKeptDims(user, depth + 1);
  });
}

/// True for the uses that make the same program as keep_dims=True.
bool keepsDims(mlir::Operation *user, tt::ReduceOp reduce, llvm::ArrayRef<int64_t> kept) {
  // The scalar of a full reduction: keep_dims with axis=None prints as a splat to extents of 1, and x - m as a splat to
  // the shape of x, which is the broadcast of that.
  if (mlir::isa<tt::SplatOp>(user) || wasArithmeticOnKeptDims(user))
    return true;
  if (auto expand = mlir::dyn_cast<tt::ExpandDimsOp>(user))
    return expand.getAxis() == reduce.getAxis();
  if (auto reshape = mlir::dyn_cast<tt::ReshapeOp>(user))
    return mlir::cast<mlir::RankedTensorType>(reshape.getType()).getShape() == kept;
  return false;
}

/// An operation that another rule rejects: one error a place is enough.
bool isRejectedAnyway(mlir::Operation *user) {
  llvm::StringRef name = user->getName().getStringRef();
  const OperationInfo *info = findOperation(std::string_view(name.data(), name.size()));
  return !info || !info->isSupported() || mlir::isa<tt::ExternElementwiseOp, tt::ElementwiseInlineAsmOp>(user);
}

std::string useText(mlir::Operation *user, tt::ReduceOp reduce) {
  if (auto expand = mlir::dyn_cast<tt::ExpandDimsOp>(user))
    return "expanded at axis " + std::to_string(expand.getAxis()) + ", not at the reduced axis " +
           std::to_string(reduce.getAxis()) + ",";
  if (mlir::isa<tt::StoreOp>(user))
    return "stored";
  return "used by '" + pythonName(user) + "'";
}

/// Whether the value goes to memory at the rank that it has, through arithmetic or not.
bool isStored(mlir::Operation *op) {
  llvm::SmallVector<mlir::Operation *> work(op->user_begin(), op->user_end());
  llvm::SmallPtrSet<mlir::Operation *, 16> seen;
  auto shapeOf = [](mlir::Value value) {
    auto type = mlir::dyn_cast<mlir::RankedTensorType>(value.getType());
    return type ? type.getShape() : llvm::ArrayRef<int64_t>();
  };
  while (!work.empty()) {
    mlir::Operation *user = work.pop_back_val();
    if (!seen.insert(user).second)
      continue;
    if (mlir::isa<tt::StoreOp>(user))
      return true;
    for (mlir::Value result : user->getResults())
      if (shapeOf(result) == shapeOf(op->getResult(0)))
        work.append(result.user_begin(), result.user_end());
  }
  return false;
}

} // namespace

void reductionWithoutKeepDims(mlir::Operation *op, Context &context) {
  auto reduce = mlir::cast<tt::ReduceOp>(op);
  auto source = mlir::cast<mlir::RankedTensorType>(reduce.getSrcs().front().getType());
  llvm::SmallVector<int64_t> kept = keptShape(reduce);

  llvm::SmallVector<mlir::Operation *> offenders;
  for (mlir::Operation *user : op->getUsers())
    if (!keepsDims(user, reduce, kept) && !isRejectedAnyway(user))
      offenders.push_back(user);
  if (offenders.empty())
    return;
  // Users come in the reverse order of the program.
  mlir::Operation *first = offenders.back();

  std::string name = reductionName(reductionOf(reduce));
  bool toScalar = source.getRank() == 1;
  Finding finding;
  finding.subject = name;
  std::string line = lineText(first->getLoc());
  finding.message = name + " over axis " + std::to_string(reduce.getAxis()) + " of " + shapeText(source.getShape()) +
                    " drops the axis, and the " +
                    (toScalar ? std::string("number")
                              : "value of " +
                                    [&] {
                                      llvm::SmallVector<int64_t> dropped(source.getShape());
                                      dropped.erase(dropped.begin() + reduce.getAxis());
                                      return shapeText(dropped);
                                    }()) +
                    " is then " + useText(first, reduce) + (line.empty() ? "" : " at " + line);
  finding.fix = "write " + name + "(..., keep_dims=True), which gives " + shapeText(kept) +
                (toScalar ? " and broadcasts by itself"
                          : ", and drop the [:, None] or expand_dims that follows; it broadcasts by itself");
  if (isStored(op))
    finding.fix += "; the block that is stored to must have that shape too";
  for (mlir::Operation *user : llvm::drop_begin(llvm::reverse(offenders)))
    finding.notes.push_back({"also " + useText(user, reduce), framesOf(user->getLoc())});
  context.report(op, std::move(finding));
}

} // namespace rblnc::rules
