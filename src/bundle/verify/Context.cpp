#include "Context.h"

#include "rblnc/bundle/Describe.h"
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/Error.h"

#include <fmt/format.h>

namespace rblnc::bundle::verifier {

llvm::Error Context::error(Code code, std::string message) const {
  Diagnostic diagnostic{code, Severity::Error, {}, {}, {}, {}};
  if (command) {
    diagnostic.message = fmt::format("command {} of {} ({}): {}", commandNumber, nameOf(queue->unit(), queue->index()),
                                     kindOf(command->body_type()), message);
    diagnostic.frames = framesOf(bundle, command->line());
  } else if (queue) {
    diagnostic.message = fmt::format("queue {} ({}): {}", queueNumber, nameOf(queue->unit(), queue->index()), message);
  } else {
    diagnostic.message = std::move(message);
  }
  return llvm::make_error<DiagnosticError>(std::move(diagnostic));
}

llvm::Error Context::tooMany(std::string_view what, uint64_t count, std::string_view things, uint64_t limit) const {
  return error(Code::B036, fmt::format("{} {} {}, and at most {} are allowed", what, count, things, limit));
}

llvm::Error Context::addWork(uint64_t elements) {
  if (__builtin_add_overflow(work, elements, &work) || work > limits.maxWork)
    return error(Code::B033, fmt::format("the program has more than {} element operations", limits.maxWork));
  return llvm::Error::success();
}

llvm::Error Context::addItems(uint64_t count) {
  if (__builtin_add_overflow(items, count, &items) || items > maxItems)
    return error(Code::B036, fmt::format("the program has more than {} commands, accesses and steps", maxItems));
  return llvm::Error::success();
}

const Target &Context::target() const { return *bundle.targets()->Get(program->target()); }

std::optional<uint64_t> Context::bytesOf(Memory memory, uint32_t unit) const {
  switch (memory) {
  case Memory::dram:
    if (unit < verifier::sizeOf(bundle.regions()))
      return static_cast<uint64_t>(bundle.regions()->Get(unit)->bytes());
    return std::nullopt;
  case Memory::shared:
    if (unit == 0)
      return static_cast<uint64_t>(target().shared_bytes());
    return std::nullopt;
  case Memory::scratchpad:
    if (unit < target().engines())
      return static_cast<uint64_t>(target().scratchpad_bytes());
    return std::nullopt;
  }
  return std::nullopt;
}

std::string Context::whyReadOnly(Memory memory, uint32_t unit) const {
  if (memory != Memory::dram)
    return {};
  if (bundle.regions()->Get(unit)->kind() == RegionKind::constant)
    return fmt::format("DRAM region {} is a constant", unit);
  if (inputRegions[unit])
    return fmt::format("the argument in DRAM region {} is an input", unit);
  return {};
}

size_t Context::registerCount() const { return verifier::sizeOf(program->registers()); }

const Register &Context::registerAt(uint32_t index) const { return *program->registers()->Get(index); }

llvm::Expected<Extents> readShape(Context &context, const flatbuffers::Vector<int64_t> *shape, const char *what) {
  Extents result;
  if (sizeOf(shape) > maxRank)
    return context.tooMany(std::string(what) + " has", shape->size(), "dimensions", maxRank);
  if (!isAligned(shape))
    return context.error(Code::B035, fmt::format("{} is not aligned", what));
  if (shape)
    result.append(shape->begin(), shape->end());
  if (!elementCount(result))
    return context.error(Code::B023, fmt::format("{} has a negative extent or too many elements", what));
  return result;
}

int64_t countOf(llvm::ArrayRef<int64_t> shape) { return elementCount({shape.data(), shape.size()}).value_or(0); }

} // namespace rblnc::bundle::verifier
