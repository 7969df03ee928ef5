// Any payload behind a valid header: what the verifier accepts runs without a crash.
#include "rblnc/bundle/Format.h"
#include "rblnc/bundle/Reader.h"
#include "rblnc/emulator/Machine.h"

#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstddef>
#include <cstring>
#include <vector>

using namespace rblnc::bundle;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto buffer = llvm::WritableMemoryBuffer::getNewMemBuffer(headerBytes + size, "fuzz");
  auto *bytes = reinterpret_cast<uint8_t *>(buffer->getBufferStart());
  std::memcpy(bytes, magic.data(), magic.size());
  llvm::support::endian::write32le(bytes + versionOffset, formatVersion);
  llvm::support::endian::write64le(bytes + sizeOffset, size);
  std::memcpy(bytes + headerBytes, data, size);
  // The digest covers everything else, so that damage gets past it to the checks behind.
  llvm::BLAKE3 hasher;
  hasher.update({bytes, digestOffset});
  hasher.update({bytes + digestOffset + digestBytes, headerBytes - digestOffset - digestBytes + size});
  auto digest = hasher.final();
  std::memcpy(bytes + digestOffset, digest.data(), digestBytes);

  VerifyLimits small;
  small.maxWork = 1 << 20;
  small.maxMemoryBytes = 1 << 24;
  auto bundle = openBundle(std::move(buffer), small);
  if (!bundle) {
    llvm::consumeError(bundle.takeError());
    return 0;
  }
  auto machine = rblnc::emulator::Machine::create(*bundle);
  if (!machine) {
    llvm::consumeError(machine.takeError());
    return 0;
  }
  // Exactly the bytes that the signature promises, so that the sanitizer sees any step beyond them.
  const Bundle &contents = **bundle;
  std::vector<std::vector<std::byte>> arrays;
  rblnc::emulator::Arguments arguments;
  if (contents.signature())
    for (const Argument *argument : *contents.signature())
      arrays.emplace_back(contents.regions()->Get(argument->region())->bytes());
  for (size_t i = 0; i < arrays.size(); ++i)
    arguments[contents.signature()->Get(static_cast<uint32_t>(i))->name()->str()] = arrays[i];
  auto result = machine->run(arguments, {.maxMemoryBytes = small.maxMemoryBytes});
  if (!result)
    llvm::consumeError(result.takeError());
  return 0;
}
