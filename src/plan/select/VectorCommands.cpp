// Choosing commands: groups of element-wise operations and reductions become vector programs.
#include "CommandBuilder.h"

#include "rblnc/triton/Location.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace rblnc::plan {

/// Groups beyond this size gain nothing more, and keep many buffers alive.
static constexpr size_t kLargestGroup = 64;

const GroupRef *CommandBuilder::groupRef(Value value) const {
  auto found = groupRefs.find(value);
  return found != groupRefs.end() && openGroupOf(found->second.base) ? &found->second : nullptr;
}

FusionGroup *CommandBuilder::openGroupOf(Value base) const { return groupOf.lookup(base.getDefiningOp()); }

bool CommandBuilder::isReadOutside(Value value, const FusionGroup &group) const {
  for (Operation *user : value.getUsers()) {
    if (group.members.contains(user))
      continue;
    auto generic = dyn_cast<linalg::GenericOp>(user);
    if (generic && isDataMovement(generic) ? isReadOutside(user->getResult(0), group) : true)
      return true;
  }
  return false;
}

View CommandBuilder::resolve(Value value) {
  if (auto found = views.find(value); found != views.end())
    return found->second;
  const GroupRef ref = groupRefs.at(value);
  if (FusionGroup *group = openGroupOf(ref.base))
    emit(*group);
  View view = views.at(ref.base);
  Extents strides(cast<ShapedType>(value.getType()).getRank(), 0);
  for (auto [d, dimension] : llvm::enumerate(ref.dims))
    if (dimension >= 0)
      strides[dimension] += view.strides[d];
  view.strides = strides;
  views[value] = view;
  return view;
}

/// Whether nobody reads a value's buffer but members of the group.
static bool diesIn(Value value, const FusionGroup &group) {
  if (!llvm::all_of(value.getUsers(), [&](Operation *user) { return group.members.contains(user); }))
    return false;
  while (Operation *op = value.getDefiningOp()) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return !isDataMovement(generic);
    if (auto concat = dyn_cast<tensor::ConcatOp>(op))
      return llvm::all_of(concat.getInputs(), [](Value piece) { return piece.hasOneUse(); });
    if (isa<rbln::LoadOp, rbln::ReduceOp, rbln::WindowInsertOp, rbln::WindowSliceOp, rbln::PadOp>(op))
      return true;
    // A reshape's result lies where its operand does.
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op) || !op->getOperand(0).hasOneUse())
      return false;
    value = op->getOperand(0);
  }
  return false;
}

/// Clones an operation of a region into another one. Constants that folding has hoisted out of the region come along.
static void cloneInto(OpBuilder &builder, Operation &op, IRMapping &mapping) {
  for (Value operand : op.getOperands())
    if (!mapping.contains(operand))
      if (Operation *constant = operand.getDefiningOp(); constant && constant->hasTrait<OpTrait::ConstantLike>())
        mapping.map(operand, builder.clone(*constant)->getResult(0));
  builder.clone(op, mapping);
}

/// What a terminator's operand is inside the new region.
static Value lookup(OpBuilder &builder, Value value, IRMapping &mapping) {
  if (!mapping.contains(value))
    mapping.map(value, builder.clone(*value.getDefiningOp())->getResult(0));
  return mapping.lookup(value);
}

View CommandBuilder::materialize(Value value, Location location) {
  View view = resolve(value);
  if (!view.splat)
    return view;
  // One element is enough: every index reads it.
  View filled = allocate(view.element, denseLayout({}), location);
  fill(view.splat, filled, {}, location);
  filled.strides.assign(view.strides.size(), 0);
  return filled;
}

void CommandBuilder::emitAll() {
  for (size_t i = 0; i < groups.size(); ++i)
    if (FusionGroup &group = *groups[i]; !group.members.empty() && groupOf.lookup(group.members.front()) == &group)
      emit(group);
  groups.clear(); // none is open, and none is referred to
}

void CommandBuilder::fill(TypedAttr value, const View &to, ArrayRef<int64_t> shape, Location location) {
  auto vector = npu::VectorOp::create(builder, location, queue(npu::Unit::NeuralEngine), ArrayRef<int64_t>{}, shape,
                                      ValueRange{}, builder.getArrayAttr({}), ValueRange{to.buffer},
                                      builder.getArrayAttr({access(to, to.strides)}));
  OpBuilder body = OpBuilder::atBlockBegin(&vector.getBody().emplaceBlock());
  Value constant = arith::ConstantOp::create(body, location, value);
  npu::YieldOp::create(body, location, constant);
}

FusionGroup *CommandBuilder::mergeGroups(ArrayRef<FusionGroup *> candidates) {
  FusionGroup *into = candidates.front();
  for (FusionGroup *group : candidates.drop_front()) {
    bool sameSpace = group->shape == into->shape && (group->axis < 0 || into->axis < 0 || group->axis == into->axis);
    bool oneElementRows = std::max(group->axis, into->axis) >= 0 && into->shape[std::max(group->axis, into->axis)] == 1;
    if (!sameSpace || oneElementRows || group->members.size() + into->members.size() > kLargestGroup)
      return nullptr;
  }
  for (FusionGroup *group : candidates.drop_front()) {
    into->axis = std::max(into->axis, group->axis);
    for (Operation *member : group->members) {
      into->members.insert(member);
      groupOf[member] = into;
    }
    group->members.clear();
  }
  return into;
}

LogicalResult CommandBuilder::visitVectorMember(Operation *op) {
  SmallVector<FusionGroup *> open;
  for (Value input : inputsOf(op))
    if (const GroupRef *ref = groupRef(input))
      if (FusionGroup *group = openGroupOf(ref->base); !llvm::is_contained(open, group))
        open.push_back(group);
  // Join the group that computes the operands, or the one that their groups can become together.
  FusionGroup *home = nullptr;
  if (!open.empty() && llvm::all_of(open, [&](FusionGroup *group) { return group->shape == open.front()->shape; })) {
    SmallVector<const GroupRef *> refs;
    for (Value input : inputsOf(op))
      refs.push_back(groupRef(input));
    FusionGroup trial;
    trial.shape = open.front()->shape;
    for (FusionGroup *group : open)
      trial.axis = std::max(trial.axis, group->axis);
    if (std::optional<Fit> fit = fits(op, trial, refs); fit && open.front()->members.size() < kLargestGroup)
      if ((home = open.size() == 1 ? open.front() : mergeGroups(open)))
        home->axis = fit->axis;
  }
  if (!home) {
    for (FusionGroup *group : open)
      emit(*group);
    groups.push_back(std::make_unique<FusionGroup>());
    home = groups.back().get();
    home->engine = engine;
    auto reduce = dyn_cast<rbln::ReduceOp>(op);
    auto space = cast<ShapedType>(reduce ? op->getOperand(0).getType() : op->getResult(0).getType());
    home->shape.assign(space.getShape().begin(), space.getShape().end());
    if (reduce)
      home->axis = static_cast<int>(reduce.getAxis());
  }
  // What lies outside must be in memory before the group's command.
  for (Value input : inputsOf(op))
    if (!groupRef(input))
      resolve(input);
  home->members.insert(op);
  groupOf[op] = home;
  for (Value result : op->getResults()) {
    GroupRef ref{result, {}};
    for (int d = 0, rank = static_cast<int>(cast<ShapedType>(result.getType()).getRank()); d < rank; ++d)
      ref.dims.push_back(d);
    groupRefs[result] = ref;
  }
  return success();
}

void CommandBuilder::emit(FusionGroup &group) {
  auto scope = onEngine(group.engine);
  SmallVector<Operation *> members(group.members.begin(), group.members.end());
  llvm::sort(members, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  // The order of dimensions: rows first, the reduced one last. Without a reduction the whole space is one row.
  SmallVector<int> order;
  SmallVector<int64_t> outer, inner;
  for (int d = 0, rank = static_cast<int>(group.shape.size()); d < rank; ++d)
    if (d != group.axis) {
      order.push_back(d);
      (group.axis < 0 ? inner : outer).push_back(group.shape[d]);
    }
  if (group.axis >= 0) {
    order.push_back(group.axis);
    inner.push_back(group.shape[group.axis]);
  }
  auto ordered = [&](ArrayRef<int64_t> loops, bool rowScalar) {
    Extents strides;
    for (int d : order)
      strides.push_back(group.shape[d] == 1 || (rowScalar && d == group.axis) ? 0 : loops[d]);
    return strides;
  };

  Location location = members.back()->getLoc();
  auto owned = std::make_unique<Block>();
  Block *block = owned.get();
  OpBuilder body(builder.getContext());
  body.setInsertionPointToEnd(block);
  IRMapping mapping;
  SmallVector<Value> inputs, outputs;
  SmallVector<Attribute> inputAccesses, outputAccesses;

  // What is read from memory: the last reader of a value may write its result over it.
  llvm::MapVector<Value, View> read;
  auto isReadOnlyAs = [&](Value buffer, Attribute wanted) {
    for (auto [memory, used] : llvm::zip(inputs, inputAccesses))
      if (memory == buffer && used != wanted)
        return false;
    return true;
  };

  // The value inside the program that a member reads as operand `index`.
  auto operandOf = [&](Operation *member, unsigned index) -> Value {
    Value input = member->getOperand(index);
    auto ref = groupRefs.find(input);
    if (ref != groupRefs.end() && groupOf.lookup(ref->second.base.getDefiningOp()) == &group)
      return mapping.lookup(ref->second.base);
    View view = views.at(input);
    if (view.splat)
      return arith::ConstantOp::create(body, member->getLoc(), view.splat);
    read[input] = view;
    bool rowScalar = !isa<rbln::ReduceOp>(member) && group.isRowScalar(member->getResult(0));
    Attribute wanted = access(view, ordered(view.stridesThrough(operandMap(member, index)), rowScalar));
    for (auto [i, memory] : llvm::enumerate(inputs))
      if (memory == view.buffer && inputAccesses[i] == wanted)
        return block->getArgument(i);
    inputs.push_back(view.buffer);
    inputAccesses.push_back(wanted);
    return block->addArgument(view.element, location);
  };

  for (Operation *member : members) {
    if (auto reduce = dyn_cast<rbln::ReduceOp>(member)) {
      SmallVector<Value> operands;
      SmallVector<Type> types;
      for (unsigned i = 0; i < reduce.getInputs().size(); ++i) {
        operands.push_back(operandOf(member, i));
        types.push_back(operands.back().getType());
      }
      auto inside = npu::ReduceOp::create(body, member->getLoc(), types, operands);
      IRMapping combiner;
      Block &from = reduce.getCombiner().front();
      Block &to = inside.getCombiner().emplaceBlock();
      for (BlockArgument argument : from.getArguments())
        combiner.map(argument, to.addArgument(argument.getType(), argument.getLoc()));
      OpBuilder nested = OpBuilder::atBlockBegin(&to);
      for (Operation &op : from.without_terminator())
        cloneInto(nested, op, combiner);
      SmallVector<Value> yields;
      for (Value value : from.getTerminator()->getOperands())
        yields.push_back(lookup(nested, value, combiner));
      npu::YieldOp::create(nested, member->getLoc(), yields);
      for (auto [result, value] : llvm::zip(member->getResults(), inside.getResults()))
        mapping.map(result, value);
      continue;
    }
    auto generic = cast<linalg::GenericOp>(member);
    Block &from = *generic.getBody();
    for (unsigned i = 0; i < generic.getNumDpsInputs(); ++i)
      mapping.map(from.getArgument(i), operandOf(member, i));
    for (Operation &op : from.without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(op)) {
        // Positions along the reduced axis are 0 for what runs once a row.
        int dimension = static_cast<int>(index.getDim());
        Type type = body.getI64Type();
        Value position;
        if (group.isRowScalar(member->getResult(0)) && dimension == group.axis)
          position = arith::ConstantOp::create(body, op.getLoc(), body.getIntegerAttr(type, 0));
        else
          position = npu::IndexOp::create(body, op.getLoc(), type,
                                          static_cast<int64_t>(llvm::find(order, dimension) - order.begin()));
        mapping.map(index.getResult(), position);
      } else if (auto cast = dyn_cast<arith::IndexCastOp>(op)) {
        // An index is 64 bits wide inside a vector program.
        Value value = mapping.lookup(cast.getIn());
        if (cast.getType().isInteger(64))
          mapping.map(cast.getResult(), value);
        else
          mapping.map(cast.getResult(), arith::TruncIOp::create(body, op.getLoc(), cast.getType(), value));
      } else {
        cloneInto(body, op, mapping);
      }
    }
    mapping.map(member->getResult(0), lookup(body, from.getTerminator()->getOperand(0), mapping));
  }

  SmallVector<Value> yields;
  for (Operation *member : members)
    for (Value result : member->getResults()) {
      if (!isReadOutside(result, group))
        continue;
      View view;
      auto type = cast<ShapedType>(result.getType());
      bool isDense = isReadDensely(result, lineElements, [&](Operation *user) { return group.members.contains(user); });
      for (auto &[input, inputView] : read)
        if (input.getType() == result.getType() && !llvm::is_contained(outputs, inputView.buffer) &&
            diesIn(input, group) && (!isDense || inputView.strides == denseStrides(type.getShape())) &&
            isReadOnlyAs(inputView.buffer, access(inputView, ordered(inputView.strides, group.isRowScalar(result)))))
          view = inputView;
      if (!view.buffer)
        view = allocate(type.getElementType(),
                        isDense ? denseLayout(type.getShape()) : lineLayout(type.getShape(), lineElements),
                        member->getLoc());
      views[result] = view;
      outputs.push_back(view.buffer);
      outputAccesses.push_back(access(view, ordered(view.strides, /*rowScalar=*/group.isRowScalar(result))));
      yields.push_back(mapping.lookup(result));
    }
  npu::YieldOp::create(body, location, yields);
  if (!outputs.empty()) {
    auto vector =
        npu::VectorOp::create(builder, location, queue(npu::Unit::NeuralEngine), outer, inner, inputs,
                              builder.getArrayAttr(inputAccesses), outputs, builder.getArrayAttr(outputAccesses));
    vector.getBody().push_back(owned.release());
  }
  for (Operation *member : members)
    groupOf.erase(member);
}

} // namespace rblnc::plan
