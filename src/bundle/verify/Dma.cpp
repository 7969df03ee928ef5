// Transfers.
#include "Access.h"

#include "rblnc/bundle/Ops.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {
namespace {

llvm::Error verifyClips(Context &context, const Dma &dma, size_t rank) {
  if (sizeOf(dma.clips()) > maxClips)
    return context.tooMany("it has", dma.clips()->size(), "clips", maxClips);
  if (!dma.clips())
    return llvm::Error::success();
  if (!isAligned(dma.clips()))
    return context.error(Code::B035, "its clips are not aligned");
  for (const Clip *clip : *dma.clips()) {
    if (clip->axis() >= rank)
      return context.error(Code::B022, fmt::format("it clips axis {} of {}", clip->axis(), rank));
    if (clip->register_() < -1 ||
        (clip->register_() >= 0 && static_cast<uint32_t>(clip->register_()) >= context.registerCount()))
      return context.error(Code::B022,
                           fmt::format("a clip uses register {} of {}", clip->register_(), context.registerCount()));
  }
  return llvm::Error::success();
}

} // namespace

llvm::Error verifyDma(Context &context, const Dma &dma) {
  llvm::Expected<Extents> shape = readShape(context, dma.shape(), "its shape");
  if (!shape)
    return shape.takeError();
  if (llvm::Error error = verifyClips(context, dma, shape->size()))
    return error;
  // Clips decide what is read; with a fill all of the destination is written.
  if (llvm::Error error = verifyAccess(context, *dma.source(), *shape, dma.clips(), /*isWritten=*/false, "the source"))
    return error;
  if (llvm::Error error = verifyAccess(context, *dma.destination(), *shape, dma.has_fill() ? nullptr : dma.clips(),
                                       /*isWritten=*/true, "the destination"))
    return error;
  if (dma.source()->dtype() != dma.destination()->dtype())
    return context.error(Code::B029, fmt::format("it copies {} to {}", nameOf(dma.source()->dtype()),
                                                 nameOf(dma.destination()->dtype())));
  return context.addWork(static_cast<uint64_t>(countOf(*shape)));
}

} // namespace rblnc::bundle::verifier
