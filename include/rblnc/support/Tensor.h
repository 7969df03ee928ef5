// A dense tensor in host memory: dtype, shape, and bytes in row-major order.
#pragma once

#include "rblnc/support/DType.h"

#include "llvm/Support/Error.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace rblnc {

/// The physical memory of the host. A larger allocation might succeed, and end the process when it is used.
uint64_t hostMemoryBytes();

/// Zeroed bytes at an address that is a multiple of 64, so that host vector units can load any row.
class AlignedBytes {
public:
  static constexpr size_t alignment = 64;

  AlignedBytes() = default;
  /// Error R013 when the host has no such memory.
  static llvm::Expected<AlignedBytes> allocate(uint64_t size);

  size_t size() const { return length; }
  std::byte *data() { return storage.get(); }
  const std::byte *data() const { return storage.get(); }
  std::span<std::byte> span() { return {data(), length}; }
  std::span<const std::byte> span() const { return {data(), length}; }

private:
  struct Free {
    void operator()(std::byte *p) const;
  };
  std::unique_ptr<std::byte[], Free> storage;
  size_t length = 0;
};

struct Tensor {
  DType dtype = DType::f32;
  std::vector<int64_t> shape;
  /// elements() * sizeOf(dtype) bytes, little endian, last dimension fastest.
  AlignedBytes bytes;

  /// A tensor of zeros. Error R013 when the shape's size overflows or the host has no such memory.
  static llvm::Expected<Tensor> zeros(DType dtype, std::vector<int64_t> shape);

  int64_t elements() const { return static_cast<int64_t>(bytes.size() / sizeOf(dtype)); }
  const std::byte *at(int64_t element) const { return bytes.data() + static_cast<size_t>(element) * sizeOf(dtype); }
  std::byte *at(int64_t element) { return bytes.data() + static_cast<size_t>(element) * sizeOf(dtype); }
  double asDouble(int64_t element) const { return loadAsDouble(dtype, at(element)); }
};

/// "2x16x8"; "scalar" for an empty shape.
std::string formatShape(std::span<const int64_t> shape);
/// "2x16x8xf32".
std::string formatType(DType dtype, std::span<const int64_t> shape);
/// Parses "2x16x8" (extents of at least 0); nothing when it is not that or the number of elements overflows.
std::optional<std::vector<int64_t>> parseShape(std::string_view text);

} // namespace rblnc
