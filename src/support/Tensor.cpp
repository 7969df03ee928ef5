// Tensors in host memory.
#include "rblnc/support/Tensor.h"

#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/Error.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace rblnc {

uint64_t hostMemoryBytes() {
  long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGE_SIZE);
  return pages > 0 && size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(size) : uint64_t{1} << 32;
}

void AlignedBytes::Free::operator()(std::byte *p) const { std::free(p); }

llvm::Expected<AlignedBytes> AlignedBytes::allocate(uint64_t size) {
  // One alignment more than asked for, so that an empty tensor has an address too.
  auto padded = checkedAdd(size, 2 * alignment - 1);
  void *memory = nullptr;
  if (padded && *padded <= hostMemoryBytes())
    memory = std::aligned_alloc(alignment, *padded / alignment * alignment);
  if (!memory)
    return makeError(Code::R013, "there is no memory for " + std::to_string(size) + " bytes");
  std::memset(memory, 0, size);
  AlignedBytes result;
  result.storage.reset(static_cast<std::byte *>(memory));
  result.length = size;
  return result;
}

llvm::Expected<Tensor> Tensor::zeros(DType dtype, std::vector<int64_t> shape) {
  auto count = elementCount(shape);
  auto size = count ? checkedMultiply(static_cast<uint64_t>(*count), sizeOf(dtype)) : std::nullopt;
  if (!size)
    return makeError(Code::R013, "a tensor of " + formatType(dtype, shape) + " has more bytes than can be counted");
  auto bytes = AlignedBytes::allocate(*size);
  if (!bytes)
    return bytes.takeError();
  return Tensor{dtype, std::move(shape), std::move(*bytes)};
}

std::string formatShape(std::span<const int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string result;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i != 0)
      result += 'x';
    result += std::to_string(shape[i]);
  }
  return result;
}

std::string formatType(DType dtype, std::span<const int64_t> shape) {
  std::string result = shape.empty() ? "" : formatShape(shape) + "x";
  return result += nameOf(dtype);
}

std::optional<std::vector<int64_t>> parseShape(std::string_view text) {
  std::vector<int64_t> shape;
  const char *end = text.data() + text.size();
  for (const char *next = text.data(); next != end; ++next) {
    int64_t extent = 0;
    auto [rest, error] = std::from_chars(next, end, extent);
    if (error != std::errc() || extent < 0 || shape.size() == 64)
      return std::nullopt;
    shape.push_back(extent);
    if (rest == end)
      return elementCount(shape) ? std::optional(std::move(shape)) : std::nullopt;
    if (*rest != 'x' || rest + 1 == end)
      return std::nullopt;
    next = rest;
  }
  return std::nullopt;
}

} // namespace rblnc
