// From "--arg NAME=SPEC" to the data of an argument.
#pragma once

#include "rblnc/support/Tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rblnc::cli {

/// What a kernel says about one of its arguments.
struct Parameter {
  std::string name;
  DType dtype = DType::f32;
  bool isScalar = false;
  /// The shape when the kernel's accesses determine it; otherwise only `extent` is known.
  bool hasShape = false;
  std::vector<int64_t> shape;
  /// The least number of elements that the array has.
  int64_t extent = 1;
  bool isRead = true;
  bool isWritten = false;

  /// The shape, or the extent as a one-dimensional shape, or empty for a scalar.
  std::vector<int64_t> defaultShape() const;
};

/// "NAME=…", as --arg, --out and --expect have it.
struct Assignment {
  std::string name;
  std::string value;
};

/// Splits at the first '='. Error R003 when there is none or the name is empty.
llvm::Expected<Assignment> parseAssignment(const std::string &option, const std::string &text);

/// Makes the data that `spec` describes for `parameter`, with the parameter's dtype. Errors R003 to R009, R012 and
/// R013.
///   x.npy, x.npz:member, x.safetensors:tensor   the dtype must be equal (u2 also stands for bf16), the shape up to
///                                               dimensions of 1, or have `extent` elements at least when no shape is
///                                               known
///   1.5, -3, 0x10, inf, true                    for a scalar
///   zeros, ones, normal, uniform(a,b)           of the default shape; a and b included and excluded
///   4xf32=1,2,3,4                               one value for all elements or one each
llvm::Expected<Tensor> makeArgument(const std::string &spec, const Parameter &parameter, uint64_t seed);

/// What an argument that is not given gets: normal for floats, zeros for integers.
llvm::Expected<Tensor> makeDefault(const Parameter &parameter, uint64_t seed);

/// Equal but for dimensions of size 1.
bool isSameUpToUnits(const std::vector<int64_t> &a, const std::vector<int64_t> &b);

} // namespace rblnc::cli
