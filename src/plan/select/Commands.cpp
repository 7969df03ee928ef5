// Choosing commands: arguments, constants, views and the dispatch on the operation.
#include "Commands.h"
#include "CommandBuilder.h"
#include "rewrite/Verify.h"
#include "tiling/TileKernel.h"

#include "rblnc/ir/Elements.h"
#include "rblnc/support/Watch.h"
#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace rblnc::plan {

npu::QueueAttr CommandBuilder::queue(npu::Unit unit) {
  return npu::QueueAttr::get(builder.getContext(), unit, unit == npu::Unit::CommandProcessor ? 0 : engine);
}

int64_t CommandBuilder::engineOf(Operation *op) {
  auto number = op->getAttrOfType<IntegerAttr>(engineAttribute);
  return number ? number.getInt() : 0; // a branch has one engine for each result, and its condition is on engine 0
}

npu::AccessAttr CommandBuilder::access(const View &view, ArrayRef<int64_t> strides) {
  return npu::AccessAttr::get(builder.getContext(), view.element, view.offset, strides, {}, {});
}

View CommandBuilder::allocate(Value value, Location location) {
  return allocate(cast<ShapedType>(value.getType()).getElementType(), layoutOf(value, lineElements), location);
}

View CommandBuilder::allocate(Type element, const Layout &layout, Location location) {
  StringRef name;
  if (auto named = dyn_cast<NameLoc>(location))
    name = named.getName();
  View view;
  view.element = element;
  view.strides = layout.strides;
  view.buffer = npu::BufferOp::create(
      builder, location, builder.getType<npu::MemoryType>(),
      npu::SpaceAttr::get(builder.getContext(), npu::Space::Scratchpad), builder.getI64IntegerAttr(engine),
      builder.getI64IntegerAttr(layout.elements * rblnc::bytesOf(element)), IntegerAttr(), builder.getStringAttr(name));
  return view;
}

/// Whether a store may leave elements as they were that it writes in another run: which ones shows only then.
static bool isPartial(rbln::StoreOp store) {
  if (isa<scf::IfOp>(store->getParentOp()) || !store.getTerms().empty())
    return true;
  ArrayAttr clips = store.getClipsAttr();
  return clips && llvm::any_of(clips.getAsRange<rbln::ClipAttr>(), [](auto clip) { return clip.getTerm() >= 0; });
}

LogicalResult CommandBuilder::declareArguments(func::FuncOp kernel) {
  for (BlockArgument argument : kernel.getArguments()) {
    auto array = dyn_cast<rbln::ArrayType>(argument.getType());
    if (!array) {
      diagnostics.report(Code::X001, "a kernel argument of RBLN IR is not an array", framesOf(argument.getLoc()));
      return failure();
    }
    unsigned index = argument.getArgNumber();
    bool read = false, written = false;
    for (Operation *user : argument.getUsers()) {
      auto store = dyn_cast<rbln::StoreOp>(user);
      written |= bool(store);
      // What a store may leave alone comes from the caller.
      read |= !store || isPartial(store);
    }
    auto name = kernel.getArgAttrOfType<StringAttr>(index, "rbln.name");
    arrays[argument] = npu::ArgumentOp::create(builder, argument.getLoc(), builder.getType<npu::MemoryType>(),
                                               name ? name.getValue() : ("arg" + Twine(index)).str(), array.getShape(),
                                               array.getElementType(), written ? (read ? "inout" : "out") : "in",
                                               bool(kernel.getArgAttr(index, "rbln.scalar")),
                                               bool(kernel.getArgAttr(index, "rbln.extent_only")));
  }
  return success();
}

LogicalResult CommandBuilder::visitConstant(Operation *op) {
  auto value = dyn_cast<ElementsAttr>(cast<arith::ConstantOp>(op).getValue());
  if (!value)
    return success(); // A scalar constant outside of tensors; nothing reads it as one.
  Value result = op->getResult(0);
  View view;
  view.element = value.getElementType();
  view.strides.assign(value.getShapedType().getRank(), 0);
  if (value.isSplat()) {
    view.splat = value.getSplatValue<TypedAttr>();
    views[result] = view;
    return success();
  }
  auto type = cast<ShapedType>(result.getType());
  Value memory = npu::ConstantOp::create(builder, op->getLoc(), builder.getType<npu::MemoryType>(), value);
  view = allocate(result, op->getLoc());
  auto dense = npu::AccessAttr::get(builder.getContext(), view.element, 0, denseStrides(type.getShape()), {}, {});
  npu::DmaOp::create(builder, op->getLoc(), queue(npu::Unit::NeuralDma), type.getShape(), memory, dense, view.buffer,
                     access(view, view.strides), ArrayAttr(), TypedAttr());
  views[result] = view;
  return success();
}

LogicalResult CommandBuilder::visitReshape(Operation *op) {
  Value source = op->getOperand(0), result = op->getResult(0);
  auto from = cast<ShapedType>(source.getType()), to = cast<ShapedType>(result.getType());
  View view = resolve(source);
  if (view.splat) {
    view.strides.assign(to.getRank(), 0);
  } else if (auto strides = reshapeStrides(view.strides, from.getShape(), to.getShape())) {
    view.strides = *strides;
  } else {
    // The elements have to be moved into row-major order first.
    View dense = allocate(view.element, denseLayout(from.getShape()), op->getLoc());
    auto change = npu::DmaOp::create(builder, op->getLoc(), queue(npu::Unit::TaskDma), from.getShape(), view.buffer,
                                     access(view, view.strides), dense.buffer, access(dense, dense.strides),
                                     ArrayAttr(), TypedAttr());
    change.setLayoutChange(true);
    dense.strides = denseStrides(to.getShape());
    view = dense;
  }
  views[result] = view;
  return success();
}

/// Why a linalg.generic cannot be planned, or nothing.
static const char *refusal(linalg::GenericOp op) {
  if (op->getNumResults() != 1)
    return "linalg.generic has several results";
  for (AffineMap map : op.getIndexingMapsArray())
    if (!dimensionsOf(map))
      return "linalg.generic has an indexing map that is not made of dimensions and zeros";
  for (Operation &inside : *op.getBody()) {
    StringRef dialect = inside.getName().getDialectNamespace();
    auto isScalar = [](Type type) { return type.isIntOrIndexOrFloat(); };
    if ((dialect != "arith" && dialect != "math" && dialect != "linalg" && dialect != "rbln") ||
        !llvm::all_of(inside.getOperandTypes(), isScalar) || !llvm::all_of(inside.getResultTypes(), isScalar))
      return "linalg.generic computes with an operation that is no scalar one of arith, math or rbln";
    for (Value operand : inside.getOperands()) {
      Operation *definition = operand.getDefiningOp();
      if (definition && definition->getBlock() != op.getBody() && !definition->hasTrait<OpTrait::ConstantLike>())
        return "linalg.generic reads a value from outside of its region that is no constant";
    }
  }
  if (isElementwise(op) && !op.getBody()->getArguments().back().use_empty())
    return "element-wise linalg.generic reads the initial value of its result";
  return nullptr;
}

LogicalResult CommandBuilder::visitGeneric(linalg::GenericOp op) {
  if (const char *why = refusal(op)) {
    diagnostics.report(Code::P002, why, framesOf(op.getLoc()));
    return failure();
  }
  if (isDataMovement(op))
    return visitDataMovement(op);
  if (isElementwise(op))
    return visitVectorMember(op);
  return visitContraction(op);
}

LogicalResult CommandBuilder::visitDataMovement(linalg::GenericOp op) {
  Value source = op.getInputs()[0], result = op->getResult(0);
  AffineMap map = op.getIndexingMapsArray()[0];
  if (const GroupRef *ref = groupRef(source)) {
    // Keep the group open: who reads the result may join it.
    auto dimensions = *dimensionsOf(map);
    GroupRef moved{ref->base, {}};
    for (int dimension : ref->dims)
      moved.dims.push_back(dimension < 0 ? -1 : dimensions[dimension]);
    groupRefs[result] = moved;
    return success();
  }
  View view = resolve(source);
  view.strides = view.stridesThrough(map);
  views[result] = view;
  return success();
}

LogicalResult CommandBuilder::visit(Operation *op) {
  auto scope = onEngine(engineOf(op));
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<arith::ConstantOp>([&](auto constant) { return visitConstant(constant); })
      .Case<func::ReturnOp>([](auto) { return success(); })
      .Case<tensor::EmptyOp>([&](auto empty) {
        // Only reading its undefined elements could tell; zero is as good as anything.
        View view;
        view.element = empty.getType().getElementType();
        view.splat = builder.getZeroAttr(view.element);
        view.strides.assign(empty.getType().getRank(), 0);
        views[empty.getResult()] = view;
        return success();
      })
      .Case<tensor::ExpandShapeOp, tensor::CollapseShapeOp>([&](Operation *reshape) { return visitReshape(reshape); })
      .Case<tensor::ConcatOp>([&](auto concat) { return visitConcat(concat); })
      .Case<tensor::ExtractSliceOp>([&](auto slice) { return visitSlice(slice); })
      .Case<rbln::LoadOp>([&](auto load) { return visitLoad(load); })
      .Case<rbln::StoreOp>([&](auto store) { return visitStore(store); })
      .Case<rbln::ToIndexOp>([&](auto toIndex) { return visitToIndex(toIndex); })
      .Case<rbln::InsertOp>([&](auto insert) { return visitInsert(insert); })
      .Case<rbln::WindowInsertOp>([&](auto insert) { return visitWindowInsert(insert); })
      .Case<rbln::WindowSliceOp>([&](auto slice) { return visitWindowSlice(slice); })
      .Case<rbln::PadOp>([&](auto pad) { return visitPad(pad); })
      .Case<scf::IfOp>([&](auto branch) { return visitIf(branch); })
      .Case<tensor::ExtractOp>([](auto) { return success(); }) // a branch's condition, which the branch reads
      .Case<rbln::ReduceOp>([&](Operation *reduce) { return visitVectorMember(reduce); })
      .Case<linalg::GenericOp>([&](auto generic) { return visitGeneric(generic); })
      .Default([&](Operation *other) { return refuseOperation(other, diagnostics); });
}

FailureOr<npu::ProgramOp> chooseCommands(func::FuncOp kernel, const Target &target, OpBuilder &builder,
                                         Diagnostics &diagnostics) {
  if (failed(verifyForm(kernel, diagnostics)))
    return failure();
  auto program = npu::ProgramOp::create(builder, kernel.getLoc(), kernel.getSymName(), target.name,
                                        builder.getArrayAttr({}), int64_t(0));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&program.getBody().emplaceBlock());
  CommandBuilder commands(builder, target.lineElements, diagnostics);
  if (failed(commands.declareArguments(kernel)))
    return failure();
  for (Operation &op : kernel.getBody().front())
    if (wasStopped() || failed(commands.visit(&op))) {
      program.erase();
      return failure();
    }
  program.setRegistersAttr(builder.getArrayAttr(commands.registers()));
  return program;
}

} // namespace rblnc::plan
