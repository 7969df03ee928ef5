// Choosing commands: rows that are put into a block, or taken out of it, at a place that a register says.
#include "CommandBuilder.h"

#include "rblnc/ir/Elements.h"
#include "rewrite/StoreWindows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace rblnc::plan {

namespace {
/// The part of a block that starts at a row along an axis.
struct Rows {
  int64_t axis;
  int64_t first = 0;
  /// A register that is added to `first`, or -1.
  int64_t reg = -1;

  npu::AccessAttr of(const View &view) const {
    SmallVector<int64_t> registers, scales;
    if (reg >= 0) {
      registers.push_back(reg);
      scales.push_back(view.strides[axis]);
    }
    return npu::AccessAttr::get(view.buffer.getContext(), view.element, view.offset + first * view.strides[axis],
                                view.strides, registers, scales);
  }
};
} // namespace

static ArrayRef<int64_t> shapeOf(Value tensor) { return cast<ShapedType>(tensor.getType()).getShape(); }

static npu::ClipAttr clip(MLIRContext *context, int64_t axis, int64_t low, int64_t lowScale, int64_t high,
                          int64_t highScale, int64_t reg) {
  return npu::ClipAttr::get(context, axis, low, high, reg, lowScale, highScale);
}

void CommandBuilder::copy(const View &from, const View &to, ArrayRef<int64_t> shape, Location location) {
  if (from.splat)
    return fill(from.splat, to, shape, location);
  npu::DmaOp::create(builder, location, queue(npu::Unit::TaskDma), shape, from.buffer, access(from, from.strides),
                     to.buffer, access(to, to.strides), ArrayAttr(), TypedAttr());
}

/// Whether nobody else reads the buffer of a value: it was made for this value, which has one use.
static bool ownsItsBuffer(Value value) {
  while (value.hasOneUse()) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (isa<rbln::LoadOp, rbln::InsertOp, rbln::WindowInsertOp, rbln::WindowSliceOp, rbln::PadOp>(op))
      return true;
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

/// Rows of at least this many bytes are put into a block by the queue that loads it: nobody waits for another queue
/// then. Fewer are not worth the set-up in a queue that streams.
static constexpr int64_t leastRowBytes = 16 << 10;

/// Whether a value is just loaded.
static bool isLoaded(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<rbln::LoadOp>(op))
      return true;
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

LogicalResult CommandBuilder::visitInsert(rbln::InsertOp op) {
  View updates = materialize(op.getUpdates(), op.getLoc());
  View target = resolve(op.getData());
  if (target.splat || !ownsItsBuffer(op.getData())) {
    View data = target;
    target = allocate(op.getResult(), op.getLoc());
    copy(data, target, shapeOf(op.getData()), op.getLoc());
  }
  auto axis = static_cast<int64_t>(op.getAxis());
  int64_t reg = registerOf.lookup(op.getIndex()), extent = shapeOf(op.getData())[axis];
  auto first = static_cast<int64_t>(op.getFirst());
  // Row r goes to off + r - first where 0 <= off + r - first < extent.
  Attribute inside = clip(builder.getContext(), axis, first, -1, first + extent, -1, reg);
  int64_t bytes = cast<ShapedType>(op.getUpdates().getType()).getNumElements() * rblnc::bytesOf(target.element);
  npu::Unit unit = bytes >= leastRowBytes && isLoaded(op.getData()) ? npu::Unit::NeuralDma : npu::Unit::TaskDma;
  npu::DmaOp::create(builder, op.getLoc(), queue(unit), shapeOf(op.getUpdates()), updates.buffer,
                     access(updates, updates.strides), target.buffer, Rows{axis, -first, reg}.of(target),
                     builder.getArrayAttr(inside), TypedAttr());
  views[op.getResult()] = target;
  return success();
}

LogicalResult CommandBuilder::visitWindowInsert(rbln::WindowInsertOp op) {
  View base = materialize(op.getBase(), op.getLoc()), rows = materialize(op.getRows(), op.getLoc());
  View target = allocate(op.getResult(), op.getLoc());
  auto axis = static_cast<int64_t>(op.getAxis());
  int64_t reg = registerOf.lookup(op.getIndex()), window = shapeOf(op.getBase())[axis];
  TypedAttr zero = builder.getZeroAttr(target.element);
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::TaskDma), shapeOf(op.getBase()), base.buffer,
                     access(base, base.strides), target.buffer, access(target, target.strides),
                     builder.getArrayAttr(clip(builder.getContext(), axis, 0, 0, 0, 1, reg)), zero);
  View tail = target;
  tail.offset += window * target.strides[axis];
  fill(zero, tail, shapeOf(op.getRows()), op.getLoc());
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::TaskDma), shapeOf(op.getRows()), rows.buffer,
                     access(rows, rows.strides), target.buffer, Rows{axis, 0, reg}.of(target), ArrayAttr(),
                     TypedAttr());
  views[op.getResult()] = target;
  return success();
}

/// A register with max(0, end - size), computed where the index was read, and once for all engines.
int64_t CommandBuilder::firstRow(Value end, int64_t size, int64_t extent, Location location) {
  int64_t &known = firstRows.try_emplace({end, size, extent}, -1).first->second;
  if (known >= 0)
    return known;
  auto toIndex = end.getDefiningOp<rbln::ToIndexOp>();
  auto scope = onEngine(engineOf(toIndex));
  View value = materialize(toIndex.getValue(), location);
  // Any size fits 32 bits.
  Type wide = value.element.isInteger(64) ? value.element : builder.getI32Type();
  View first = allocate(wide, denseLayout({}), location);
  auto compute =
      npu::VectorOp::create(builder, location, queue(npu::Unit::NeuralEngine), ArrayRef<int64_t>{}, ArrayRef<int64_t>{},
                            ValueRange{value.buffer}, builder.getArrayAttr({access(value, {})}),
                            ValueRange{first.buffer}, builder.getArrayAttr({access(first, {})}));
  Block &body = compute.getBody().emplaceBlock();
  OpBuilder inside = OpBuilder::atBlockBegin(&body);
  Value read = body.addArgument(value.element, location);
  if (wide != value.element)
    read = arith::ExtSIOp::create(inside, location, wide, read);
  auto number = [&](int64_t n) -> Value {
    return arith::ConstantOp::create(inside, location, IntegerAttr::get(wide, n));
  };
  Value start = arith::SubIOp::create(inside, location, read, number(size));
  npu::YieldOp::create(inside, location, ValueRange{arith::MaxSIOp::create(inside, location, start, number(0))});
  return known = loadRegister(first, 0, extent - size, "", location);
}

void CommandBuilder::moveSlice(rbln::WindowSliceOp op, Value memory, npu::AccessAttr to, Location location) {
  View buf = materialize(op.getBuf(), op.getLoc());
  auto axis = static_cast<int64_t>(op.getAxis());
  int64_t size = shapeOf(op.getResult())[axis], extent = shapeOf(op.getBuf())[axis];
  int64_t from = firstRow(op.getEnd(), size, extent, op.getLoc());
  // Either lo is 0, and rows up to `end` exist, or all do: `end` is at least `size` then.
  npu::ClipAttr filled = clip(builder.getContext(), axis, 0, 0, 0, 1, registerOf.lookup(op.getEnd()));
  npu::DmaOp::create(builder, location, queue(npu::Unit::TaskDma), shapeOf(op.getResult()), buf.buffer,
                     Rows{axis, 0, from}.of(buf), memory, to, builder.getArrayAttr(filled),
                     TypedAttr(builder.getZeroAttr(buf.element)));
}

LogicalResult CommandBuilder::visitWindowSlice(rbln::WindowSliceOp op) {
  if (isStoredAtOnce(op))
    return success();
  View target = allocate(op.getResult(), op.getLoc());
  moveSlice(op, target.buffer, access(target, target.strides), op.getLoc());
  views[op.getResult()] = target;
  return success();
}

bool CommandBuilder::isStoredAtOnce(rbln::WindowSliceOp op) {
  rbln::StoreOp store = storeOf(op);
  return store && op->getNextNode() == store && engineOf(op) == engineOf(store);
}

LogicalResult CommandBuilder::visitPad(rbln::PadOp op) {
  View x = materialize(op.getX(), op.getLoc());
  View target = allocate(op.getResult(), op.getLoc());
  fill(op.getValue(), target, shapeOf(op.getResult()), op.getLoc());
  Rows middle{static_cast<int64_t>(op.getAxis()), static_cast<int64_t>(op.getLow())};
  npu::DmaOp::create(builder, op.getLoc(), queue(npu::Unit::TaskDma), shapeOf(op.getX()), x.buffer,
                     access(x, x.strides), target.buffer, middle.of(target), ArrayAttr(), TypedAttr());
  views[op.getResult()] = target;
  return success();
}

} // namespace rblnc::plan
