// Index spaces with one stride list for each access, and the rewriting that makes their loops short.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace rblnc::emulator {

using Extents = llvm::SmallVector<int64_t, 6>;

/// Drops dimensions of extent 1 and merges neighbours that every access walks as one dimension. All stride lists have
/// shape.size() entries; the number of elements and their row-major order stay.
void coalesce(Extents &shape, llvm::MutableArrayRef<Extents> strides);

/// The product of extents that a verifier has bounded.
int64_t countOf(llvm::ArrayRef<int64_t> shape);

/// Walks an index space in row-major order and keeps the byte offset of one access.
class Odometer {
public:
  Odometer(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> strides)
      : shape(shape), strides(strides), index(shape.size(), 0) {}

  int64_t offset() const { return current; }
  void next() {
    for (size_t d = shape.size(); d-- > 0;) {
      if (shape[d] == 1)
        continue; // its stride means nothing, and may be of any size
      current += strides[d];
      if (++index[d] < shape[d])
        return;
      current -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  /// Goes to the element with this number.
  void seek(int64_t position) {
    current = 0;
    for (size_t d = shape.size(); d-- > 0;) {
      index[d] = position % shape[d];
      position /= shape[d];
      current += index[d] * strides[d];
    }
  }

private:
  llvm::ArrayRef<int64_t> shape, strides;
  Extents index;
  int64_t current = 0;
};

} // namespace rblnc::emulator
