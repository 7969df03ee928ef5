// The memories of the emulated device, and how a command's access finds its bytes in them.
#pragma once

#include "IndexSpace.h"

#include "rblnc/bundle/Ops.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace rblnc::emulator {

/// One address space.
struct Block {
  uint8_t *data = nullptr;
  uint64_t bytes = 0;
};

class BlockCache;
struct MemoryNeed;

/// DRAM regions (the caller's arrays, the bundle's constants, workspace), shared SRAM and one scratchpad for each
/// engine.
class Memories {
public:
  /// What is allocated comes from `cache`, which must outlive this, and goes back to it.
  explicit Memories(BlockCache &cache) : cache(cache) {}
  Memories(const Memories &) = delete;
  ~Memories();

  /// Sets an address space that lives elsewhere.
  void setRegion(size_t region, Block block);
  /// Allocates zeroed bytes, which must outlive this. False when the host has none left.
  bool allocate(const MemoryNeed &need);

  /// An address space without bytes when there is none of this number.
  Block at(bundle::Memory memory, uint32_t unit) const;

private:
  static Block &grown(std::vector<Block> &blocks, size_t index);

  std::vector<Block> regions, scratchpads;
  Block shared;
  BlockCache &cache;
  std::vector<const MemoryNeed *> allocated;
};

/// A decoded bundle::Access: strides in bytes over the command's index space.
struct DecodedAccess {
  bundle::Memory memory = bundle::Memory::dram;
  uint32_t unit = 0;
  bundle::DType dtype = bundle::DType::f32;
  int64_t offset = 0;
  Extents strides;
  struct Term {
    uint32_t reg;
    int64_t scale;
  };
  llvm::SmallVector<Term, 1> terms;

  static DecodedAccess decode(const bundle::Access &access);
};

/// Where element [0, 0, …] of an access lies now. The verifier has proven that every element lies inside the memory for
/// all values that the registers may have; this proves it again for the values that they do have, and gives null when
/// it fails. `shape` must not be empty of elements.
uint8_t *resolve(const DecodedAccess &access, llvm::ArrayRef<int64_t> shape, const Memories &memories,
                 llvm::ArrayRef<int64_t> registers);

} // namespace rblnc::emulator
