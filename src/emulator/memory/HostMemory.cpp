#include "HostMemory.h"

#include <algorithm>
#include <cstring>

namespace rblnc::emulator {

std::unique_ptr<uint8_t, BlockCache::Free> BlockCache::take(uint64_t bytes) {
  auto found = std::find_if(blocks.rbegin(), blocks.rend(), [&](const Owned &block) { return block.bytes == bytes; });
  if (found == blocks.rend())
    // Large blocks come as untouched zero pages, so what a program does not use costs nothing.
    return std::unique_ptr<uint8_t, Free>(static_cast<uint8_t *>(std::calloc(bytes, 1)));
  Owned block = std::move(*found);
  blocks.erase(std::next(found).base());
  kept -= block.dirty.size();
  std::memset(block.data.get() + block.dirty.first, 0, block.dirty.size());
  return std::move(block.data);
}

void BlockCache::give(Owned block) {
  // A bundle of many engines that hardly uses each of them has few pages and many blocks.
  constexpr size_t maxBlocks = 256;
  if (block.dirty.size() > HostMemory::maxKeptBytes - kept || blocks.size() >= maxBlocks)
    return;
  kept += block.dirty.size();
  blocks.push_back(std::move(block));
}

static thread_local std::unique_ptr<HostMemory> ownMemory;

HostMemory &HostMemory::ofThread() {
  if (!ownMemory)
    ownMemory = std::make_unique<HostMemory>();
  return *ownMemory;
}

void HostMemory::forgetThread() { (void)ownMemory.release(); }

} // namespace rblnc::emulator
