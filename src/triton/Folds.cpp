// Folders and canonical forms: only those that make later rooms simpler and never change a value.
#include "rblnc/triton/Dialect.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace rblnc::tt {

/// The element of a splat constant under another shape; null for other constants.
static OpFoldResult splatAs(Attribute constant, RankedTensorType type) {
  auto splat = dyn_cast_if_present<SplatElementsAttr>(constant);
  if (!splat || splat.getElementType() != type.getElementType())
    return {};
  return DenseElementsAttr::get(type, splat.getSplatValue<Attribute>());
}

static bool isZero(Attribute constant) {
  if (auto integer = dyn_cast_if_present<IntegerAttr>(constant))
    return integer.getValue().isZero();
  auto splat = dyn_cast_if_present<SplatElementsAttr>(constant);
  return splat && isa<IntegerType>(splat.getElementType()) && splat.getSplatValue<APInt>().isZero();
}

OpFoldResult BitcastOp::fold(FoldAdaptor) {
  if (getSrc().getType() == getType())
    return getSrc();
  if (auto inner = getSrc().getDefiningOp<BitcastOp>(); inner && inner.getSrc().getType() == getType())
    return inner.getSrc();
  return {};
}

OpFoldResult AddPtrOp::fold(FoldAdaptor adaptor) {
  if (isZero(adaptor.getOffset()))
    return getPtr();
  return {};
}

OpFoldResult AdvanceOp::fold(FoldAdaptor adaptor) {
  if (llvm::all_of(adaptor.getOffsets(), isZero))
    return getPtr();
  return {};
}

OpFoldResult SplatOp::fold(FoldAdaptor adaptor) {
  if (getSrc().getType() == getType())
    return getSrc(); // of rank 0
  if (isa<RankedTensorType>(getSrc().getType()))
    return splatAs(adaptor.getSrc(), getType());
  auto value = dyn_cast_if_present<TypedAttr>(adaptor.getSrc());
  if (!value || !isa<IntegerAttr, FloatAttr>(value) || value.getType() != getType().getElementType())
    return {};
  return DenseElementsAttr::get(getType(), Attribute(value));
}

OpFoldResult UnsplatOp::fold(FoldAdaptor adaptor) {
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(adaptor.getSrc()))
    return splat.getSplatValue<Attribute>();
  if (auto source = getSrc().getDefiningOp<SplatOp>())
    return source.getSrc();
  return {};
}

OpFoldResult ExpandDimsOp::fold(FoldAdaptor adaptor) { return splatAs(adaptor.getSrc(), getType()); }

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  // With allow_reorder any order of the elements is right, the same one too.
  if (getSrc().getType() == getType())
    return getSrc();
  return splatAs(adaptor.getSrc(), getType());
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getSrc().getType() == getType())
    return getSrc();
  return splatAs(adaptor.getSrc(), getType());
}

OpFoldResult TransOp::fold(FoldAdaptor adaptor) {
  if (llvm::equal(getOrder(), llvm::seq<int32_t>(0, static_cast<int32_t>(getOrder().size()))))
    return getSrc();
  return splatAs(adaptor.getSrc(), getType());
}

namespace {

/// shape(splat(x)) -> splat(x).
template <typename Op> struct ShapeOfSplat : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto splat = op.getSrc().template getDefiningOp<SplatOp>();
    if (!splat)
      return failure();
    rewriter.replaceOpWithNewOp<SplatOp>(op, op.getType(), splat.getSrc());
    return success();
  }
};

struct BroadcastOfBroadcast : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getSrc().getDefiningOp<BroadcastOp>();
    if (!inner)
      return failure();
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getType(), inner.getSrc());
    return success();
  }
};

struct TransOfTrans : OpRewritePattern<TransOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getSrc().getDefiningOp<TransOp>();
    if (!inner)
      return failure();
    SmallVector<int32_t> order;
    for (int32_t axis : op.getOrder())
      order.push_back(inner.getOrder()[axis]);
    rewriter.replaceOpWithNewOp<TransOp>(op, op.getType(), inner.getSrc(), order);
    return success();
  }
};

/// Row-major order survives any number of reshapes; a reshape that may reorder does not compose with one that may not.
struct ReshapeOfReshape : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getSrc().getDefiningOp<ReshapeOp>();
    if (!inner || inner.getAllowReorder() || op.getAllowReorder())
      return failure();
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), inner.getSrc(), false, false);
    return success();
  }
};

} // namespace

void ExpandDimsOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ShapeOfSplat<ExpandDimsOp>>(context);
}
void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ShapeOfSplat<ReshapeOp>, ReshapeOfReshape>(context);
}
void BroadcastOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ShapeOfSplat<BroadcastOp>, BroadcastOfBroadcast>(context);
}
void TransOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<ShapeOfSplat<TransOp>, TransOfTrans>(context);
}

} // namespace rblnc::tt
