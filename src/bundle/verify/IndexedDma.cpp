// Transfers of rows whose numbers stand in memory.
#include "Access.h"

#include "rblnc/bundle/Accesses.h"
#include "rblnc/bundle/Describe.h"
#include "rblnc/bundle/Ops.h"
#include "rblnc/support/CheckedMath.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {
namespace {

/// Indices and masks are data of the program's own.
llvm::Error verifyMemory(Context &context, const Access &access, const char *what) {
  if (access.memory() != Memory::dram || context.bundle.regions()->Get(access.unit())->kind() == RegionKind::workspace)
    return llvm::Error::success();
  return context.error(Code::B029, fmt::format("{} in {}, which is no memory of the program's own", what,
                                               nameOf(access.memory(), access.unit())));
}

/// What is in the way of finding rows: masks that move within them, clips across them.
llvm::Error verifyRows(Context &context, const IndexedDma &dma, llvm::ArrayRef<int64_t> shape) {
  if (dma.mask())
    for (uint32_t d = 0; d < shape.size(); ++d)
      if (isOfRow(dma, d) && shape[d] > 1 && dma.mask()->strides()->Get(d) != 0)
        return context.error(Code::B029, fmt::format("its mask moves along dimension {}, and its indices do not", d));
  if (dma.clips())
    for (const Clip *clip : *dma.clips())
      if (!isOfRow(dma, clip->axis()))
        return context.error(Code::B029, fmt::format("it clips axis {}, along which its indices move", clip->axis()));
  return llvm::Error::success();
}

llvm::Error verifyTypes(Context &context, const IndexedDma &dma) {
  if (dma.source()->dtype() != dma.destination()->dtype())
    return context.error(Code::B029, fmt::format("it copies {} to {}", nameOf(dma.source()->dtype()),
                                                 nameOf(dma.destination()->dtype())));
  if (DType index = dma.indices()->dtype(); index != DType::i32 && index != DType::i64)
    return context.error(Code::B029, fmt::format("its indices are {}", nameOf(index)));
  if (dma.mask() && dma.mask()->dtype() != DType::i1)
    return context.error(Code::B029, fmt::format("its mask is {}", nameOf(dma.mask()->dtype())));
  if (dma.scatters() && dma.has_fill())
    return context.error(Code::B029, "it scatters, and has a value for rows that it does not move");
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyBody(Context &context, const IndexedDma &dma) {
  llvm::Expected<Extents> shape = readShape(context, dma.shape(), "its shape");
  if (!shape)
    return shape.takeError();
  if (dma.axis() >= shape->size())
    return context.error(Code::B022, fmt::format("its rows are along axis {} of {}", dma.axis(), shape->size()));
  Extents all = *shape;
  all[dma.axis()] = dma.rows();
  if (!elementCount({all.data(), all.size()}))
    return context.error(Code::B023, fmt::format("it has {} rows, a negative number or too many", dma.rows()));
  if (llvm::Error error = verifyClips(context, dma.clips(), shape->size()))
    return error;
  const Extents &source = dma.scatters() ? *shape : all, &destination = dma.scatters() ? all : *shape;
  const auto *written = dma.has_fill() ? nullptr : dma.clips();
  if (llvm::Error error = verifyAccess(context, *dma.source(), source, dma.clips(), /*isWritten=*/false, "the source"))
    return error;
  if (llvm::Error error =
          verifyAccess(context, *dma.destination(), destination, written, /*isWritten=*/true, "the destination"))
    return error;
  struct Operand {
    const Access *access;
    const char *name, *place;
  };
  for (Operand operand : {Operand{dma.indices(), "the index vector", "its indices are"},
                          Operand{dma.mask(), "the mask", "its mask is"}}) {
    if (!operand.access)
      continue;
    if (llvm::Error error = verifyAccess(context, *operand.access, *shape, nullptr, /*isWritten=*/false, operand.name))
      return error;
    if (llvm::Error error = verifyMemory(context, *operand.access, operand.place))
      return error;
    if (mayOverlap(context, *operand.access, *shape, *dma.destination(), destination))
      return context.error(Code::B032, fmt::format("its destination overlaps {}", operand.name));
  }
  if (llvm::Error error = verifyTypes(context, dma))
    return error;
  if (llvm::Error error = verifyRows(context, dma, *shape))
    return error;
  if (mayOverlap(context, *dma.source(), source, *dma.destination(), destination))
    return context.error(Code::B032, "its destination overlaps its source");
  return context.addWork(static_cast<uint64_t>(countOf(*shape)));
}

} // namespace rblnc::bundle::verifier
