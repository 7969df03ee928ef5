// Matrix products.
#include "Access.h"

#include "rblnc/bundle/Ops.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {
namespace {

llvm::Error verifyTypes(Context &context, const Matmul &matmul) {
  DType operand = matmul.a()->dtype();
  if (matmul.b()->dtype() != operand)
    return context.error(Code::B028,
                         fmt::format("it multiplies {} by {}", nameOf(operand), nameOf(matmul.b()->dtype())));
  bool isOperandFloat = isFloat(operand);
  if (!isOperandFloat && operand != DType::i8 && operand != DType::i16 && operand != DType::i32)
    return context.error(Code::B028, fmt::format("it multiplies {}", nameOf(operand)));
  auto isResult = [&](DType dtype) {
    return isOperandFloat ? dtype == DType::f32 || dtype == DType::f16 : dtype == DType::i32;
  };
  if (!isResult(matmul.d()->dtype()) || (matmul.c() && !isResult(matmul.c()->dtype())))
    return context.error(Code::B028, fmt::format("products of {} are summed in {}", nameOf(operand),
                                                 isOperandFloat ? "f32 or f16" : "i32"));
  return llvm::Error::success();
}

llvm::Error verifyFixed(Context &context, const Access &access, llvm::ArrayRef<int64_t> space, size_t dimension,
                        const char *what) {
  if (space[dimension] > 1 && access.strides()->Get(static_cast<uint32_t>(dimension)) != 0)
    return context.error(Code::B028, fmt::format("{} moves along a dimension that it does not have", what));
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyBody(Context &context, const Matmul &matmul) {
  llvm::Expected<Extents> batch = readShape(context, matmul.batch(), "its batch");
  if (!batch)
    return batch.takeError();
  Extents space = *batch;
  space.append({matmul.m(), matmul.n(), matmul.k()});
  if (space.size() > maxRank)
    return context.tooMany("its index space has", space.size(), "dimensions", maxRank);
  if (matmul.m() < 0 || matmul.n() < 0 || matmul.k() < 0)
    return context.error(Code::B023, "it has a negative extent");
  // The product of all extents bounds both the work and every product of some of them.
  uint64_t work = 1;
  for (int64_t extent : space)
    if (__builtin_mul_overflow(work, static_cast<uint64_t>(extent > 0 ? extent : 1), &work) || work > INT64_MAX)
      return context.error(Code::B023, "it has too many elements");

  size_t rank = batch->size(), m = rank, n = rank + 1, k = rank + 2;
  Extents result = space;
  result[k] = 1;
  struct Part {
    const Access *access;
    llvm::ArrayRef<int64_t> shape;
    size_t fixed;
    bool isWritten;
    const char *name;
  };
  const Part parts[] = {{matmul.a(), space, n, false, "operand a"},
                        {matmul.b(), space, m, false, "operand b"},
                        {matmul.c(), result, k, false, "operand c"},
                        {matmul.d(), result, k, true, "the result"}};
  for (const Part &part : parts) {
    if (!part.access)
      continue;
    if (llvm::Error error = verifyAccess(context, *part.access, part.shape, nullptr, part.isWritten, part.name))
      return error;
    if (llvm::Error error = verifyFixed(context, *part.access, space, part.fixed, part.name))
      return error;
  }
  if (llvm::Error error = verifyTypes(context, matmul))
    return error;
  if (mayOverlap(context, *matmul.a(), space, *matmul.d(), result) ||
      mayOverlap(context, *matmul.b(), space, *matmul.d(), result))
    return context.error(Code::B032, "its result overlaps an operand");
  if (matmul.c() && mayOverlap(context, *matmul.c(), result, *matmul.d(), result) &&
      !(areSame(*matmul.c(), *matmul.d(), result) && areElementsDistinct(*matmul.d(), result)))
    return context.error(Code::B032, "its result overlaps what is added to it, and is not the same");
  return context.addWork(work);
}

} // namespace rblnc::bundle::verifier
