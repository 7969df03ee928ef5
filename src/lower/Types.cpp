// Which types a value may have, and what they become.
#include "Types.h"

#include "Report.h"
#include "rblnc/ir/Elements.h"
#include "rblnc/triton/Dialect.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace rblnc::lower {

/// What to write instead of an element type that is not supported.
static std::string alternativeTo(Type type) {
  if (auto number = dyn_cast<FloatType>(type))
    return number.getWidth() > 32 ? "convert it to float32" : "convert it to float16 or bfloat16";
  return "use one of float32, float16, bfloat16, int64, int32, int16, int8, int1";
}

std::optional<Diagnostic> checkValueType(Operation *op, Type type) {
  Type element = getElementTypeOrSelf(type);
  std::string name = "'" + op->getName().getStringRef().str() + "'";
  if (isa<tt::PointerType, tt::TensorDescType>(element))
    return errorAt(Code::C004, op, name + " makes a value out of a pointer",
                   "pointers may only be offset, loaded from and stored to");
  if (!isElement(element))
    return errorAt(Code::C005, op, name + " has the unsupported type " + text(element), alternativeTo(element));
  if (!isa<ShapedType>(type))
    return std::nullopt;
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return errorAt(Code::C008, op, name + " has the dynamic shape " + text(type), "make all extents tl.constexpr");
  std::optional<int64_t> count = tt::elementCountOf(tensor.getShape());
  if (!count || *count < 1 || *count >= (int64_t(1) << 48))
    return errorAt(Code::C005, op, name + " has the shape " + text(tensor.getShape()) + ", which is empty or too large",
                   "use extents of at least 1 and smaller blocks");
  return std::nullopt;
}

RankedTensorType tensorTypeOf(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return RankedTensorType::get(tensor.getShape(), tensor.getElementType());
  return RankedTensorType::get({}, type);
}

} // namespace rblnc::lower
