#include "rblnc/ir/Elements.h"

#include "mlir/IR/BuiltinTypes.h"

namespace rblnc {

std::optional<DType> dtypeOf(mlir::Type element) {
  if (element.isF32())
    return DType::f32;
  if (element.isF16())
    return DType::f16;
  if (element.isBF16())
    return DType::bf16;
  if (element.isSignlessInteger())
    for (DType dtype : {DType::i1, DType::i8, DType::i16, DType::i32, DType::i64})
      if (element.isSignlessInteger(bitsOf(dtype)))
        return dtype;
  return std::nullopt;
}

int64_t bytesOf(mlir::Type element) { return static_cast<int64_t>(sizeOf(*dtypeOf(element))); }

} // namespace rblnc
