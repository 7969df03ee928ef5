#include "Memory.h"

#include "HostMemory.h"
#include "MemoryPlan.h"

#include "rblnc/support/DType.h"

namespace rblnc::emulator {

Block &Memories::grown(std::vector<Block> &blocks, size_t index) {
  if (index >= blocks.size())
    blocks.resize(index + 1);
  return blocks[index];
}

void Memories::setRegion(size_t region, Block block) { grown(regions, region) = block; }

Memories::~Memories() {
  for (const MemoryNeed *need : allocated)
    cache.give(
        {std::unique_ptr<uint8_t, BlockCache::Free>(at(need->memory, need->unit).data), need->bytes, need->written});
}

bool Memories::allocate(const MemoryNeed &need) {
  Block &block = need.memory == bundle::Memory::shared ? shared
                 : need.memory == bundle::Memory::dram ? grown(regions, need.unit)
                                                       : grown(scratchpads, need.unit);
  allocated.reserve(allocated.size() + 1); // what is allocated must be recorded without fail
  block = {cache.take(need.bytes).release(), need.bytes};
  if (!block.data)
    return false;
  allocated.push_back(&need);
  return true;
}

Block Memories::at(bundle::Memory memory, uint32_t unit) const {
  switch (memory) {
  case bundle::Memory::dram:
    return unit < regions.size() ? regions[unit] : Block{};
  case bundle::Memory::shared:
    return shared;
  case bundle::Memory::scratchpad:
    return unit < scratchpads.size() ? scratchpads[unit] : Block{};
  }
  return {};
}

DecodedAccess DecodedAccess::decode(const bundle::Access &access) {
  DecodedAccess result;
  result.memory = access.memory();
  result.unit = access.unit();
  result.dtype = access.dtype();
  result.offset = access.offset();
  if (access.strides())
    result.strides.append(access.strides()->begin(), access.strides()->end());
  if (access.terms())
    for (const bundle::Term *term : *access.terms())
      result.terms.push_back({term->register_(), term->scale()});
  return result;
}

uint8_t *resolve(const DecodedAccess &access, llvm::ArrayRef<int64_t> shape, const Memories &memories,
                 llvm::ArrayRef<int64_t> registers) {
  using Wide = __int128;
  Wide first = access.offset;
  for (DecodedAccess::Term term : access.terms)
    first += static_cast<Wide>(registers[term.reg]) * term.scale;
  // Each product has at most 126 bits and there are few dimensions; the block's size bounds what is accepted.
  Wide low = first, high = first;
  for (size_t d = 0; d < shape.size(); ++d) {
    Wide reach = static_cast<Wide>(shape[d] - 1) * access.strides[d];
    (reach < 0 ? low : high) += reach;
  }
  Block block = memories.at(access.memory, access.unit);
  if (low < 0 || high + static_cast<Wide>(bytesOf(access.dtype)) > static_cast<Wide>(block.bytes))
    return nullptr;
  return block.data + static_cast<int64_t>(first);
}

} // namespace rblnc::emulator
