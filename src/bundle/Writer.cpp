// BundleT to the bytes of a .rbln file.
#include "rblnc/bundle/Writer.h"

#include "Digest.h"

#include "rblnc/bundle/Accesses.h"
#include "rblnc/bundle/Format.h"
#include "rblnc/support/Error.h"

#include "llvm/Support/Endian.h"

#include <cstring>
#include <fmt/format.h>

namespace rblnc::bundle {
namespace {

llvm::Error missing(std::string_view what) {
  return makeError(Code::B010, fmt::format("a bundle cannot be written without {}", what));
}

/// FlatBuffers asserts that required fields are there; a caller gets an error instead.
llvm::Error checkRequired(const CommandT &command) {
  if (command.body.type == CommandBody::NONE || !command.body.value)
    return missing("a command's body");
  if (std::string_view what = missingAccess(command); !what.empty())
    return missing(what);
  return llvm::Error::success();
}

llvm::Error checkRequired(const BundleT &bundle) {
  for (auto &argument : bundle.signature)
    if (argument->name.empty())
      return missing("an argument's name");
  for (auto &target : bundle.targets)
    if (target->name.empty())
      return missing("a target's name");
  for (auto &program : bundle.programs) {
    if (program->kernel.empty())
      return missing("a kernel's name");
    for (auto &queue : program->queues)
      for (auto &command : queue->commands)
        if (llvm::Error error = checkRequired(*command))
          return error;
  }
  return llvm::Error::success();
}

/// The bytes that can be large; the rest of a bundle is small beside the slack that is left for it.
uint64_t bulkBytes(const BundleT &bundle) {
  uint64_t bytes = bundle.rbln_ir.size() + bundle.ttir.size();
  for (auto &region : bundle.regions)
    bytes += region->data.size();
  for (auto &program : bundle.programs)
    for (auto &queue : program->queues)
      // No command but a vector program with thousands of steps takes more.
      bytes += queue->commands.size() * 512;
  return bytes;
}

} // namespace

llvm::Expected<std::vector<uint8_t>> writeBundle(const BundleT &bundle) {
  if (llvm::Error error = checkRequired(bundle))
    return error;
  constexpr uint64_t slack = uint64_t{256} << 20;
  if (uint64_t bytes = bulkBytes(bundle); bytes > maxPayloadBytes - slack)
    return makeError(Code::B011, fmt::format("the bundle would hold {} bytes of constants and text", bytes));

  flatbuffers::FlatBufferBuilder builder(64 << 10);
  builder.Finish(Bundle::Pack(builder, &bundle));
  std::vector<uint8_t> file(headerBytes + builder.GetSize());
  std::memcpy(file.data(), magic.data(), magic.size());
  llvm::support::endian::write32le(file.data() + versionOffset, formatVersion);
  llvm::support::endian::write64le(file.data() + sizeOffset, builder.GetSize());
  std::memcpy(file.data() + headerBytes, builder.GetBufferPointer(), builder.GetSize());
  auto digest = digestOf(file);
  std::memcpy(file.data() + digestOffset, digest.data(), digest.size());
  return file;
}

} // namespace rblnc::bundle
