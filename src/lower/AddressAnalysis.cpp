// The forms of integers and pointers, one operation at a time.
#include "AddressAnalysis.h"

#include "RecordedShapes.h"
#include "ShapeForms.h"

#include "rblnc/check/Specialised.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using namespace mlir;

namespace rblnc::lower {
namespace {

std::optional<int64_t> constantOf(const LinearForm *form) {
  if (!form || !form->isConstant())
    return std::nullopt;
  return form->constant;
}

/// The integer of a constant, or of a constant tensor with equal elements, read as signed.
std::optional<int64_t> splatOf(Attribute attribute) {
  if (auto integer = dyn_cast<IntegerAttr>(attribute))
    return integer.getValue().getBitWidth() <= 64 ? std::optional(integer.getValue().getSExtValue()) : std::nullopt;
  auto dense = dyn_cast<DenseIntElementsAttr>(attribute);
  if (!dense || !dense.isSplat() || dense.getElementType().getIntOrFloatBitWidth() > 64)
    return std::nullopt;
  return dense.getSplatValue<APInt>().getSExtValue();
}

} // namespace

AddressAnalysis::AddressAnalysis(Block &body, Lists shapes, ArrayRef<int64_t> lineElements, Lists tensorStrides)
    : recorded(std::move(shapes)), strides(std::move(tensorStrides)), lineElements(lineElements) {
  for (BlockArgument argument : body.getArguments()) {
    if (auto type = dyn_cast<IntegerType>(argument.getType()); type && type.getWidth() <= 64) {
      if (type.isInteger(1))
        setMask(argument, std::nullopt);
      else
        setInteger(argument, std::nullopt);
    } else if (auto pointer = dyn_cast<tt::PointerType>(argument.getType()); pointer && !pointer.pointsToTensor()) {
      pointers[argument] = {argument.getArgNumber(), LinearForm()};
    }
  }
  visit(body);
}

void AddressAnalysis::visit(Block &block) {
  for (Operation &op : block)
    visit(&op);
}

void AddressAnalysis::visit(Operation *op) {
  if (isa<scf::IfOp>(op))
    for (Region &region : op->getRegions())
      for (Block &block : region)
        visit(block);
  for (Value result : op->getResults()) {
    Type element = getElementTypeOrSelf(result.getType());
    OverflowChecks needed;
    bool isKnown = collectChecks(op, needed);
    if (element.isInteger(1)) {
      std::optional<MaskForm> form = isKnown ? maskOf(op) : std::nullopt;
      if (form)
        keepChecks(result, std::move(needed));
      setMask(result, std::move(form));
    } else if (auto type = dyn_cast<IntegerType>(element); type && type.getWidth() <= 64) {
      std::optional<LinearForm> form = isKnown ? integerOf(op) : std::nullopt;
      if (isKnown && addOwnChecks(op, form, needed))
        keepChecks(result, std::move(needed));
      setInteger(result, std::move(form));
    } else if (auto pointer = dyn_cast<tt::PointerType>(element)) {
      visitPointer(op, result, pointer.pointsToTensor(), isKnown, std::move(needed));
    }
  }
}

void AddressAnalysis::visitPointer(Operation *op, Value result, bool isBlock, bool isKnown, OverflowChecks needed) {
  if (!isBlock) {
    std::optional<PointerForm> form = isKnown ? pointerOf(op) : std::nullopt;
    if (form && isa<tt::AddPtrOp>(op) && !addOffsetCheck(cast<tt::AddPtrOp>(op), form->offset, needed))
      form.reset();
    if (form)
      keepChecks(result, std::move(needed));
    return setPointer(result, std::move(form));
  }
  std::optional<BlockPointer> block = isKnown ? blockPointerOf(op) : std::nullopt;
  if (block && isa<tt::AdvanceOp>(op) && !addAdvanceChecks(cast<tt::AdvanceOp>(op), *block, needed))
    block.reset();
  if (!block)
    return blame(result);
  keepChecks(result, std::move(needed));
  blocks[result] = std::move(*block);
}

/// Without a form, one element is a term of its own: its value is computed like any other and read at run time.
void AddressAnalysis::setInteger(Value value, std::optional<LinearForm> form) {
  if (form) {
    integers[value] = std::move(*form);
  } else if (hasOneElement(value.getType())) {
    LinearForm opaque;
    opaque.strides.resize(shapeOf(value.getType()).size(), 0);
    opaque.terms.push_back({value, 1});
    integers[value] = std::move(opaque);
  } else {
    blame(value);
  }
}

void AddressAnalysis::setMask(Value value, std::optional<MaskForm> form) {
  if (form) {
    masks[value] = std::move(*form);
  } else if (hasOneElement(value.getType())) {
    MaskForm opaque;
    opaque.guards.push_back({value, {}});
    masks[value] = std::move(opaque);
  } else {
    blame(value);
  }
}

void AddressAnalysis::setPointer(Value value, std::optional<PointerForm> form) {
  if (form)
    pointers[value] = std::move(*form);
  else
    blame(value);
}

std::optional<DynamicIndex> AddressAnalysis::dynamicIndex(Value value) const {
  const LinearForm *form = integer(value);
  if (!form || form->terms.size() != 1 || form->terms.front().scale != 1 || !form->isUniform())
    return std::nullopt;
  auto call = form->terms.front().value.getDefiningOp<tt::CallOp>();
  if (!call || specialisedName(call) != "to_dynamic_index")
    return std::nullopt;
  return DynamicIndex{call, form->constant};
}

void AddressAnalysis::blame(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return;
  for (Value operand : op->getOperands()) {
    if (Operation *earlier = culprit(operand)) {
      culprits[value] = earlier;
      return;
    }
  }
  culprits[value] = op;
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

std::optional<LinearForm> AddressAnalysis::sumOfIntegers(Value a, Value b, int64_t sign) const {
  const LinearForm *left = integer(a), *right = integer(b);
  if (!left || !right)
    return std::nullopt;
  return sign > 0 ? add(*left, *right) : subtract(*left, *right);
}

static std::optional<LinearForm> constantForm(arith::ConstantOp op) {
  std::optional<int64_t> value = splatOf(op.getValue());
  if (!value)
    return std::nullopt;
  LinearForm form;
  form.constant = *value;
  form.strides.resize(shapeOf(op.getType()).size(), 0);
  return form;
}

static std::optional<LinearForm> rangeForm(tt::MakeRangeOp op) {
  LinearForm form;
  form.constant = static_cast<int32_t>(op.getStart());
  form.strides.push_back(op.getResult().getType().getNumElements() == 1 ? 0 : 1);
  return form;
}

/// A product is affine when one factor is the same constant everywhere.
static std::optional<LinearForm> product(const LinearForm *a, const LinearForm *b) {
  if (!a || !b)
    return std::nullopt;
  if (std::optional<int64_t> factor = constantOf(b))
    return multiply(*a, *factor);
  if (std::optional<int64_t> factor = constantOf(a))
    return multiply(*b, *factor);
  return std::nullopt;
}

/// A conversion between integer types keeps the value if that is known to fit both types; widening as signed keeps it
/// always. Narrowing a block is checked; a narrowed scalar that may not fit is a run-time value of its own.
static std::optional<LinearForm> converted(Operation *op, const LinearForm *source, ScalarRanges &ranges) {
  if (!source)
    return std::nullopt;
  Type type = op->getResult(0).getType();
  if (isa<arith::ExtSIOp>(op) || source->isConstant())
    return *source;
  WideInterval range = ranges.of(*source, allPositions(shapeOf(type)));
  if (isa<arith::ExtUIOp>(op))
    return range.min >= 0 ? std::optional(*source) : std::nullopt;
  // What was widened from the type fits it again.
  auto widened = op->getOperand(0).getDefiningOp<arith::ExtSIOp>();
  bool fits = (widened && widened.getIn().getType() == type) ||
              rangeOfWidth(getElementTypeOrSelf(type).getIntOrFloatBitWidth()).contains(range);
  return fits || !hasOneElement(type) ? std::optional(*source) : std::nullopt;
}

std::optional<LinearForm> AddressAnalysis::integerOf(Operation *op) const {
  using Form = std::optional<LinearForm>;
  return llvm::TypeSwitch<Operation *, Form>(op)
      .Case([&](arith::ConstantOp op) { return constantForm(op); })
      .Case([&](tt::MakeRangeOp op) { return rangeForm(op); })
      .Case([&](arith::AddIOp op) { return sumOfIntegers(op.getLhs(), op.getRhs(), 1); })
      .Case([&](arith::SubIOp op) { return sumOfIntegers(op.getLhs(), op.getRhs(), -1); })
      .Case([&](arith::MulIOp op) { return product(integer(op.getLhs()), integer(op.getRhs())); })
      .Case([&](arith::ShLIOp op) -> Form {
        const LinearForm *source = integer(op.getLhs());
        std::optional<int64_t> amount = constantOf(integer(op.getRhs()));
        if (!source || !amount || *amount < 0 || *amount > 61)
          return std::nullopt;
        return multiply(*source, int64_t(1) << *amount);
      })
      .Case<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp>(
          [&](Operation *op) { return converted(op, integer(op->getOperand(0)), ranges); })
      .Default([&](Operation *op) -> Form {
        const LinearForm *source = isShapeOp(op) ? integer(op->getOperand(0)) : nullptr;
        return source ? reshaped(op, *source) : std::nullopt;
      });
}

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

std::optional<MaskForm> AddressAnalysis::maskOf(Operation *op) const {
  using Form = std::optional<MaskForm>;
  Type type = op->getResult(0).getType();
  return llvm::TypeSwitch<Operation *, Form>(op)
      .Case([&](arith::ConstantOp op) -> Form {
        std::optional<int64_t> value = splatOf(op.getValue());
        if (!value)
          return std::nullopt;
        MaskForm form;
        form.never = *value == 0;
        return form;
      })
      .Case([&](arith::CmpIOp op) -> Form {
        // A comparison of scalars is computed like any other, which needs no assumption about overflow.
        const LinearForm *lhs = integer(op.getLhs()), *rhs = integer(op.getRhs());
        if (!lhs || !rhs || !isa<RankedTensorType>(type))
          return std::nullopt;
        bool isExact = checks(op.getLhs()).empty() && checks(op.getRhs()).empty();
        return compare(op.getPredicate(), *lhs, *rhs, shapeOf(type), isExact);
      })
      .Case([&](arith::AndIOp op) -> Form {
        const MaskForm *lhs = mask(op.getLhs()), *rhs = mask(op.getRhs());
        return lhs && rhs ? conjunction(*lhs, *rhs) : std::nullopt;
      })
      .Case([&](arith::OrIOp op) -> Form {
        const MaskForm *lhs = mask(op.getLhs()), *rhs = mask(op.getRhs());
        if ((lhs && lhs->isAlways()) || (rhs && rhs->never))
          return lhs ? Form(*lhs) : std::nullopt;
        if ((rhs && rhs->isAlways()) || (lhs && lhs->never))
          return rhs ? Form(*rhs) : std::nullopt;
        return std::nullopt;
      })
      .Default([&](Operation *op) -> Form {
        const MaskForm *source = isShapeOp(op) ? mask(op->getOperand(0)) : nullptr;
        return source ? reshaped(op, *source) : std::nullopt;
      });
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

/// Whether a pointer may be used as one to another type: the same one, or a byte for a boolean, which Triton's loads
/// and stores of booleans do.
static bool isHarmlessPointerCast(Type from, Type to) {
  Type source = cast<tt::PointerType>(getElementTypeOrSelf(from)).getPointeeType();
  Type target = cast<tt::PointerType>(getElementTypeOrSelf(to)).getPointeeType();
  return source == target || (source.isInteger(1) && target.isInteger(8));
}

std::optional<PointerForm> AddressAnalysis::pointerOf(Operation *op) const {
  using Form = std::optional<PointerForm>;
  return llvm::TypeSwitch<Operation *, Form>(op)
      .Case([&](tt::AddPtrOp op) -> Form {
        const PointerForm *base = pointer(op.getPtr());
        const LinearForm *offset = integer(op.getOffset());
        if (!base || !offset)
          return std::nullopt;
        std::optional<LinearForm> sum = add(base->offset, *offset);
        return sum ? Form({base->argument, *sum}) : std::nullopt;
      })
      .Case([&](tt::BitcastOp op) -> Form {
        const PointerForm *source = pointer(op.getSrc());
        if (!source || !isHarmlessPointerCast(op.getSrc().getType(), op.getResult().getType()))
          return std::nullopt;
        return *source;
      })
      .Default([&](Operation *op) -> Form {
        const PointerForm *source = isShapeOp(op) ? pointer(op->getOperand(0)) : nullptr;
        std::optional<LinearForm> offset = source ? reshaped(op, source->offset) : std::nullopt;
        return offset ? Form({source->argument, *offset}) : std::nullopt;
      });
}

std::optional<BlockPointer> AddressAnalysis::blockPointerOf(Operation *op) const {
  auto formsOf = [&](ValueRange values, SmallVectorImpl<LinearForm> &forms) {
    for (Value value : values) {
      const LinearForm *form = integer(value);
      if (!form)
        return false;
      forms.push_back(*form);
    }
    return true;
  };
  if (auto make = dyn_cast<tt::MakeTensorPtrOp>(op)) {
    const PointerForm *base = pointer(make.getBase());
    if (!base)
      return std::nullopt;
    BlockPointer block{base->argument, base->offset, {}, {}, {}};
    if (!formsOf(make.getShape(), block.shape) || !formsOf(make.getStrides(), block.strides) ||
        !formsOf(make.getOffsets(), block.offsets))
      return std::nullopt;
    if (auto array = recorded.find(block.argument); array != recorded.end()) {
      auto own = strides.find(block.argument);
      goByArray(block, array->second, lineElements, own == strides.end() ? ArrayRef<int64_t>() : own->second);
    }
    return block;
  }
  if (auto advance = dyn_cast<tt::AdvanceOp>(op)) {
    const BlockPointer *source = blockPointer(advance.getPtr());
    if (!source || source->offsets.size() != advance.getOffsets().size())
      return std::nullopt;
    BlockPointer block = *source;
    for (auto [offset, value] : zip(block.offsets, advance.getOffsets())) {
      const LinearForm *step = integer(value);
      std::optional<LinearForm> sum = step ? add(offset, *step) : std::nullopt;
      if (!sum)
        return std::nullopt;
      offset = *sum;
    }
    return block;
  }
  return std::nullopt;
}

} // namespace rblnc::lower
