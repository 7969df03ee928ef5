// The argument specifications of `rblnc run`.
#include "rblnc/cli/Argument.h"

#include "Signless.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/Random.h"
#include "rblnc/support/TensorFile.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace rblnc::cli {
namespace {

constexpr const char *specHelp =
    "write a .npy, .npz:member or .safetensors:tensor file, a number for a scalar, zeros, ones, "
    "normal, uniform(a,b) or SHAPExDTYPE=values such as 4xf32=1,2,3,4";

llvm::Error notUnderstood(const Parameter &parameter, const std::string &spec) {
  return makeError(Code::R003, fmt::format("'{}' for '{}' is not understood", spec, parameter.name), specHelp);
}

std::string typeOf(const Parameter &parameter) {
  if (parameter.isScalar || parameter.hasShape)
    return formatType(parameter.dtype, parameter.defaultShape());
  return fmt::format("{} with at least {} elements", nameOf(parameter.dtype), parameter.extent);
}

/// A number as text: an integer when it is written as one, a double otherwise.
struct Number {
  bool isInteger = false;
  /// The two's complement of a negative integer.
  uint64_t bits = 0;
  bool isNegative = false;
  double real = 0;
};

std::optional<Number> parseNumber(std::string_view text) {
  if (text == "true" || text == "false")
    return Number{true, text == "true", false, text == "true" ? 1.0 : 0.0};
  bool isNegative = text.starts_with('-');
  std::string_view digits = text.substr(isNegative || text.starts_with('+') ? 1 : 0);
  if (digits.empty() || digits.front() == '-' || digits.front() == '+')
    return std::nullopt;
  const char *end = text.data() + text.size();
  // from_chars takes a sign only as '-', and no base prefix.
  bool isHex = digits.starts_with("0x") || digits.starts_with("0X");
  uint64_t magnitude = 0;
  auto [rest, error] = std::from_chars(digits.data() + (isHex ? 2 : 0), end, magnitude, isHex ? 16 : 10);
  if (error == std::errc() && rest == end) {
    uint64_t limit = isNegative ? uint64_t{1} << 63 : UINT64_MAX;
    if (magnitude <= limit)
      return Number{true, isNegative ? 0 - magnitude : magnitude, isNegative && magnitude,
                    isNegative ? -static_cast<double>(magnitude) : static_cast<double>(magnitude)};
  }
  if (isHex)
    return std::nullopt;
  double value = 0;
  auto [realRest, realError] = std::from_chars(digits.data(), end, value);
  if (realRest != end || realError == std::errc::invalid_argument)
    return std::nullopt;
  if (realError == std::errc::result_out_of_range) // too large, or too small to be told from zero
    value = digits.find("e-") != std::string_view::npos || digits.find("E-") != std::string_view::npos ? 0 : HUGE_VAL;
  Number number{false, 0, false, isNegative ? -value : value};
  // "4.0" is as good as "4" for an integer argument.
  if (std::trunc(number.real) == number.real && std::fabs(number.real) < 0x1p53) {
    number.isInteger = true;
    number.bits = static_cast<uint64_t>(static_cast<int64_t>(number.real));
    number.isNegative = number.real < 0;
  }
  return number;
}

/// The greatest integer whose bits a dtype can hold: 255 for i8, whose bits are also those of an unsigned integer.
uint64_t greatestOf(DType dtype) {
  if (dtype == DType::i1)
    return 1;
  return UINT64_MAX >> (64 - 8 * sizeOf(dtype));
}

bool isWrittenInfinite(std::string_view text) { return text.find_first_of("iI") != std::string_view::npos; }

/// Stores one number; `name` stands in messages.
llvm::Error storeNumber(std::string_view text, DType dtype, const std::string &name, void *data) {
  auto number = parseNumber(text);
  if (!number)
    return makeError(Code::R003, fmt::format("'{}' for '{}' is not a number", text, name));
  if (isFloat(dtype)) {
    storeDouble(dtype, number->real, data);
    if (std::isinf(loadAsDouble(dtype, data)) && !isWrittenInfinite(text))
      return makeError(Code::R009, fmt::format("{} for '{}' is more than {} can hold", text, name, nameOf(dtype)),
                       "write inf if infinity is meant");
    return llvm::Error::success();
  }
  if (!number->isInteger)
    return makeError(Code::R009,
                     fmt::format("{} for '{}' is not an integer, and its dtype is {}", text, name, nameOf(dtype)));
  if (number->isNegative ? static_cast<int64_t>(number->bits) < minOf(dtype) : number->bits > greatestOf(dtype))
    return makeError(Code::R009, fmt::format("{} for '{}' is outside of {}, which holds {} to {}", text, name,
                                             nameOf(dtype), minOf(dtype), greatestOf(dtype)));
  std::memcpy(data, &number->bits, sizeOf(dtype)); // little endian
  return llvm::Error::success();
}

/// Whether an array of this shape can be the argument.
llvm::Error checkShape(const Parameter &parameter, const std::vector<int64_t> &shape, const std::string &spec) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent; // the shape came from a checked source
  if (parameter.hasShape ? isSameUpToUnits(parameter.shape, shape) : count >= parameter.extent)
    return llvm::Error::success();
  return makeError(Code::R008, fmt::format("'{}' has the shape {}, and '{}' is {}", spec, formatShape(shape),
                                           parameter.name, typeOf(parameter)));
}

std::string_view numpyName(DType dtype) {
  for (std::string_view name : {"bool", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32"})
    if (dtypeFromName(name) == dtype)
      return name;
  return nameOf(dtype);
}

llvm::Expected<Tensor> fromFile(const std::string &spec, const Parameter &parameter) {
  auto file = TensorFile::open(spec);
  if (!file)
    return file.takeError();
  // NumPy has no bfloat16; its bits are commonly kept as unsigned integers.
  bool isBf16Bits = parameter.dtype == DType::bf16 && file->dtype == DType::u16;
  if (signlessOf(file->dtype) != parameter.dtype && !isBf16Bits)
    return makeError(Code::R007,
                     fmt::format("'{}' holds {}, and '{}' is {}", spec, nameOf(file->dtype), parameter.name,
                                 nameOf(parameter.dtype)),
                     parameter.dtype == DType::bf16 ? "save the bits of bfloat16 as uint16"
                                                    : fmt::format("save it as {}", numpyName(parameter.dtype)));
  if (parameter.isScalar && file->shape.size() > 0 && !isSameUpToUnits(file->shape, {}))
    return makeError(Code::R012, fmt::format("'{}' has the shape {}, and '{}' is a scalar", spec,
                                             formatShape(file->shape), parameter.name));
  if (!parameter.isScalar)
    if (auto error = checkShape(parameter, file->shape, spec))
      return error;
  auto tensor = file->load();
  if (tensor)
    tensor->dtype = parameter.dtype;
  return tensor;
}

/// "uniform(a,b)"; true when it is that.
bool parseUniform(std::string_view spec, double &low, double &high) {
  if (!spec.starts_with("uniform(") || !spec.ends_with(")"))
    return false;
  spec = spec.substr(8, spec.size() - 9);
  size_t comma = spec.find(',');
  if (comma == std::string_view::npos)
    return false;
  auto trim = [](std::string_view text) {
    while (text.starts_with(' '))
      text.remove_prefix(1);
    while (text.ends_with(' '))
      text.remove_suffix(1);
    return text;
  };
  auto a = parseNumber(trim(spec.substr(0, comma))), b = parseNumber(trim(spec.substr(comma + 1)));
  if (!a || !b || !(a->real <= b->real) || !std::isfinite(a->real) || !std::isfinite(b->real))
    return false;
  low = a->real;
  high = b->real;
  return true;
}

llvm::Expected<Tensor> uniform(const Parameter &parameter, double low, double high, uint64_t seed) {
  // `high` itself is not among the numbers.
  if (!isFloat(parameter.dtype) && (std::floor(low) < static_cast<double>(minOf(parameter.dtype)) ||
                                    std::ceil(high) - 1 > static_cast<double>(greatestOf(parameter.dtype))))
    return makeError(Code::R009, fmt::format("uniform({:g},{:g}) for '{}' goes outside of {}", low, high,
                                             parameter.name, nameOf(parameter.dtype)));
  auto tensor = Tensor::zeros(parameter.dtype, parameter.defaultShape());
  if (tensor) {
    Random random(seed, parameter.name);
    fillUniform(*tensor, random, low, high);
  }
  return tensor;
}

/// "4xf32=1,2,3,4"
llvm::Expected<Tensor> fromLiteral(const std::string &spec, size_t equals, const Parameter &parameter) {
  std::string type = spec.substr(0, equals);
  size_t x = type.rfind('x');
  auto dtype = dtypeFromName(x == std::string::npos ? type : type.substr(x + 1));
  auto shape = x == std::string::npos ? std::optional(std::vector<int64_t>()) : parseShape(type.substr(0, x));
  if (!dtype || !shape)
    return notUnderstood(parameter, spec);
  if (signlessOf(*dtype) != parameter.dtype)
    return makeError(Code::R007, fmt::format("'{}' is {}, and '{}' is {}", spec, nameOf(*dtype), parameter.name,
                                             nameOf(parameter.dtype)));
  if (parameter.isScalar && !isSameUpToUnits(*shape, {}))
    return makeError(Code::R012, fmt::format("'{}' has the shape {}, and '{}' is a scalar", spec, formatShape(*shape),
                                             parameter.name));
  if (!parameter.isScalar)
    if (auto error = checkShape(parameter, *shape, spec))
      return error;
  auto tensor = Tensor::zeros(parameter.dtype, std::move(*shape));
  if (!tensor)
    return tensor;
  std::string_view values = std::string_view(spec).substr(equals + 1);
  int64_t given = 1 + std::count(values.begin(), values.end(), ',');
  int64_t count = tensor->elements();
  if (given != count && given != 1)
    return makeError(Code::R003, fmt::format("'{}' gives {} values for {} elements", spec, given, count),
                     "give one value for all elements, or one for each");
  for (int64_t i = 0; i < given && i < count; ++i) {
    size_t comma = std::min(values.find(','), values.size());
    if (auto error = storeNumber(values.substr(0, comma), *dtype, parameter.name, tensor->at(i)))
      return error;
    values.remove_prefix(std::min(comma + 1, values.size()));
  }
  for (int64_t i = given; i < count; ++i)
    std::memcpy(tensor->at(i), tensor->at(0), sizeOf(*dtype));
  return tensor;
}

} // namespace

std::vector<int64_t> Parameter::defaultShape() const {
  if (isScalar)
    return {};
  return hasShape ? shape : std::vector<int64_t>{extent};
}

llvm::Expected<Assignment> parseAssignment(const std::string &option, const std::string &text) {
  size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return makeError(Code::R003, fmt::format("'{} {}' has no name", option, text),
                     fmt::format("write {} NAME={}", option, equals ? text : text.substr(1)));
  return Assignment{text.substr(0, equals), text.substr(equals + 1)};
}

llvm::Expected<Tensor> makeArgument(const std::string &spec, const Parameter &parameter, uint64_t seed) {
  if (TensorFile::isTensorFile(spec))
    return fromFile(spec, parameter);
  if (size_t equals = spec.find('='); equals != std::string::npos)
    return fromLiteral(spec, equals, parameter);
  if (spec == "zeros" || spec == "ones") {
    auto tensor = Tensor::zeros(parameter.dtype, parameter.defaultShape());
    if (tensor && spec == "ones")
      for (int64_t i = 0, n = tensor->elements(); i < n; ++i)
        storeDouble(parameter.dtype, 1, tensor->at(i));
    return tensor;
  }
  if (spec == "normal") {
    if (!isFloat(parameter.dtype))
      return makeError(Code::R007,
                       fmt::format("'normal' is for floats, and '{}' is {}", parameter.name, nameOf(parameter.dtype)),
                       "write uniform(a,b), which is for integers too");
    return makeDefault(parameter, seed);
  }
  double low = 0, high = 0;
  if (parseUniform(spec, low, high))
    return uniform(parameter, low, high, seed);
  if (parseNumber(spec)) {
    if (!parameter.isScalar)
      return makeError(
          Code::R012,
          fmt::format("'{}' is one number, and '{}' is a tensor: {}", spec, parameter.name, typeOf(parameter)),
          fmt::format("write {}={} to fill it", formatType(parameter.dtype, parameter.defaultShape()), spec));
    auto tensor = Tensor::zeros(parameter.dtype, {});
    if (!tensor)
      return tensor;
    if (auto error = storeNumber(spec, parameter.dtype, parameter.name, tensor->at(0)))
      return error;
    return tensor;
  }
  return notUnderstood(parameter, spec);
}

llvm::Expected<Tensor> makeDefault(const Parameter &parameter, uint64_t seed) {
  auto tensor = Tensor::zeros(parameter.dtype, parameter.defaultShape());
  if (tensor && isFloat(parameter.dtype)) {
    Random random(seed, parameter.name);
    fillNormal(*tensor, random);
  }
  return tensor;
}

bool isSameUpToUnits(const std::vector<int64_t> &a, const std::vector<int64_t> &b) {
  auto isUnit = [](int64_t extent) { return extent == 1; };
  auto squeeze = [&](std::vector<int64_t> shape) {
    std::erase_if(shape, isUnit);
    return shape;
  };
  return squeeze(a) == squeeze(b);
}

} // namespace rblnc::cli
