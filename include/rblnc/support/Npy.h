// NumPy's .npy format, versions 1 to 3 (numpy.lib.format).
#pragma once

#include "rblnc/support/File.h"
#include "rblnc/support/Tensor.h"

#include <string>
#include <vector>

namespace rblnc {

/// What a .npy file says before its data.
struct NpyHeader {
  DType dtype = DType::f32;
  std::vector<int64_t> shape;
  bool isFortranOrder = false;
  bool isBigEndian = false;
  /// Where the data starts, in bytes.
  uint64_t dataOffset = 0;
  /// Bytes of data; dataOffset + dataBytes does not overflow. Whether the source has them is not known yet.
  uint64_t dataBytes = 0;
};

/// The most bytes that a header can take with everything before it.
inline constexpr size_t maxNpyHeaderBytes = (1 << 16) + 12;

/// Error R005 when it is not a .npy file, R007 when its dtype is none of DType. '<V2' (how ml_dtypes saves it) is bf16.
llvm::Expected<NpyHeader> readNpyHeader(const ByteSource &source);

/// The data, in row-major order and little endian. Error R005 when the source is too short, R013 when there is no
/// memory.
llvm::Expected<Tensor> readNpyData(const ByteSource &source, const NpyHeader &header);

/// Writes version 1.0 whole or not at all; bf16 as '<V2'. Error R010.
llvm::Error writeNpy(const std::string &path, const Tensor &tensor);

} // namespace rblnc
