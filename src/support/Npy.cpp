// Reading and writing .npy files.
#include "rblnc/support/Npy.h"

#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/Error.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace rblnc {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr size_t maxRank = 64;

llvm::Error malformed(const ByteSource &source, const std::string &why) {
  return makeError(Code::R005, "'" + source.name() + "' is not a .npy file: " + why);
}

struct DTypeRow {
  std::string_view numpy; // without the byte order
  DType dtype;
};
constexpr DTypeRow dtypeRows[] = {
    {"b1", DType::i1},  {"i1", DType::i8},  {"i2", DType::i16}, {"i4", DType::i32},  {"i8", DType::i64},
    {"f2", DType::f16}, {"f4", DType::f32}, {"f8", DType::f64}, {"V2", DType::bf16}, {"u1", DType::u8},
    {"u2", DType::u16}, {"u4", DType::u32}, {"u8", DType::u64},
};

/// The header is a Python dictionary literal with three known keys; this reads exactly that.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest(text) {}

  /// Null when all is well, otherwise what is wrong.
  const char *parse(std::string &descr, bool &fortran, std::vector<int64_t> &shape) {
    if (!take('{'))
      return "its header is not a dictionary";
    bool hasDescr = false, hasOrder = false, hasShape = false;
    while (!take('}')) {
      std::string key;
      if (!string(key) || !take(':'))
        return "its header has no 'key: value' where one is due";
      if (key == "descr" && !hasDescr) {
        if (!string(descr))
          return "its dtype is a structure";
        hasDescr = true;
      } else if (key == "fortran_order" && !hasOrder) {
        if (!boolean(fortran))
          return "its fortran_order is not True or False";
        hasOrder = true;
      } else if (key == "shape" && !hasShape) {
        if (!tuple(shape))
          return "its shape is not a tuple of sizes";
        hasShape = true;
      } else {
        return "its header has an unknown or repeated key";
      }
      if (!take(',') && !peek('}'))
        return "its header is not closed";
    }
    skipSpace();
    if (!rest.empty())
      return "its header has text after the dictionary";
    return hasDescr && hasOrder && hasShape ? nullptr : "its header lacks a key";
  }

private:
  void skipSpace() {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\n' || rest.front() == '\t'))
      rest.remove_prefix(1);
  }
  bool peek(char c) {
    skipSpace();
    return !rest.empty() && rest.front() == c;
  }
  bool take(char c) {
    if (!peek(c))
      return false;
    rest.remove_prefix(1);
    return true;
  }
  bool string(std::string &out) {
    if (!peek('\'') && !peek('"'))
      return false;
    size_t end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos)
      return false;
    out = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return true;
  }
  bool boolean(bool &out) {
    skipSpace();
    for (std::string_view word : {"True", "False"})
      if (rest.starts_with(word)) {
        out = word == "True";
        rest.remove_prefix(word.size());
        return true;
      }
    return false;
  }
  bool tuple(std::vector<int64_t> &out) {
    if (!take('('))
      return false;
    while (!take(')')) {
      skipSpace();
      int64_t extent = 0;
      auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), extent);
      if (error != std::errc() || extent < 0 || out.size() == maxRank)
        return false;
      out.push_back(extent);
      rest.remove_prefix(static_cast<size_t>(end - rest.data()));
      if (!rest.empty() && rest.front() == 'L') // a Python 2 long
        rest.remove_prefix(1);
      if (!take(',') && !peek(')'))
        return false;
    }
    return true;
  }

  std::string_view rest;
};

/// Splits "<f4" into its byte order and dtype.
std::optional<DType> parseDescr(std::string_view descr, bool &bigEndian) {
  if (descr.empty() || std::string_view("<>=|").find(descr.front()) == std::string_view::npos)
    return std::nullopt;
  bigEndian = descr.front() == '>';
  for (const DTypeRow &row : dtypeRows)
    if (descr.substr(1) == row.numpy)
      return row.dtype;
  return std::nullopt;
}

/// Copies from column-major to row-major order. `shape` has at least one element.
void transposeFromFortran(const std::byte *from, std::byte *to, const std::vector<int64_t> &shape, size_t size) {
  std::vector<int64_t> index(shape.size(), 0);
  std::vector<int64_t> stride(shape.size(), 1);
  for (size_t d = 1; d < shape.size(); ++d)
    stride[d] = stride[d - 1] * shape[d - 1];
  int64_t source = 0;
  while (true) {
    std::memcpy(to, from + static_cast<size_t>(source) * size, size);
    to += size;
    size_t d = shape.size();
    while (true) {
      if (d == 0)
        return;
      --d;
      source += stride[d];
      if (++index[d] < shape[d])
        break;
      source -= stride[d] * shape[d];
      index[d] = 0;
    }
  }
}

std::string headerFor(const Tensor &tensor) {
  std::string descr = sizeOf(tensor.dtype) == 1 ? "|" : "<";
  for (const DTypeRow &row : dtypeRows)
    if (row.dtype == tensor.dtype)
      descr += row.numpy;
  std::string dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (int64_t extent : tensor.shape)
    dict += std::to_string(extent) + (tensor.shape.size() == 1 ? "," : &extent == &tensor.shape.back() ? "" : ", ");
  dict += "), }";
  // The data starts at a multiple of 64: 6 bytes of magic, 2 of version, 2 of length, the text and a line end.
  dict.append(63 - (magic.size() + 4 + dict.size()) % 64, ' ');
  dict += '\n';
  std::string header(magic);
  header += {'\x01', '\x00', static_cast<char>(dict.size() & 0xff), static_cast<char>(dict.size() >> 8)};
  return header + dict;
}

} // namespace

llvm::Expected<NpyHeader> readNpyHeader(const ByteSource &source) {
  if (source.size() < magic.size() + 4)
    return malformed(source, "it has only " + std::to_string(source.size()) + " bytes");
  auto start = source.readString(0, magic.size() + 4);
  if (!start)
    return start.takeError();
  if (!std::string_view(*start).starts_with(magic))
    return malformed(source, "it does not start with \\x93NUMPY");
  auto byteAt = [&](const std::string &s, size_t i) { return static_cast<uint64_t>(static_cast<unsigned char>(s[i])); };
  uint64_t version = byteAt(*start, 6);
  if (version < 1 || version > 3)
    return malformed(source, "its format version is " + std::to_string(version) + ", and 1 to 3 are known");
  uint64_t length = byteAt(*start, 8) | byteAt(*start, 9) << 8;
  uint64_t textOffset = 10;
  if (version != 1) {
    auto wide = source.readString(8, 4);
    if (!wide)
      return wide.takeError();
    length = byteAt(*wide, 0) | byteAt(*wide, 1) << 8 | byteAt(*wide, 2) << 16 | byteAt(*wide, 3) << 24;
    textOffset = 12;
  }
  if (length > maxNpyHeaderBytes - 12 || length > source.size() - textOffset)
    return malformed(source, "its header would have " + std::to_string(length) + " bytes");
  auto text = source.readString(textOffset, length);
  if (!text)
    return text.takeError();

  NpyHeader header;
  std::string descr;
  if (const char *why = HeaderParser(*text).parse(descr, header.isFortranOrder, header.shape))
    return malformed(source, why);
  auto dtype = parseDescr(descr, header.isBigEndian);
  if (!dtype)
    return makeError(Code::R007, "'" + source.name() + "' has the dtype '" + descr + "', which no kernel takes");
  header.dtype = *dtype;
  auto count = elementCount(header.shape);
  auto bytes = count ? checkedMultiply(static_cast<uint64_t>(*count), sizeOf(*dtype)) : std::nullopt;
  header.dataOffset = textOffset + length;
  if (!bytes || !checkedAdd(header.dataOffset, *bytes))
    return malformed(source, "its shape has more elements than can be counted");
  header.dataBytes = *bytes;
  return header;
}

llvm::Expected<Tensor> readNpyData(const ByteSource &source, const NpyHeader &header) {
  if (header.dataOffset > source.size() || header.dataBytes > source.size() - header.dataOffset)
    return makeError(Code::R005, "'" + source.name() + "' is cut short: its shape " + formatShape(header.shape) +
                                     " needs " + std::to_string(header.dataBytes) + " bytes and it has " +
                                     std::to_string(source.size() - std::min(source.size(), header.dataOffset)));
  auto tensor = Tensor::zeros(header.dtype, header.shape);
  if (!tensor)
    return tensor.takeError();
  if (auto error = source.read(header.dataOffset, tensor->bytes.span()))
    return error;
  size_t size = sizeOf(header.dtype);
  if (header.isBigEndian && size > 1)
    for (int64_t i = 0, n = tensor->elements(); i < n; ++i)
      std::reverse(tensor->at(i), tensor->at(i) + size);
  if (header.dtype == DType::i1)
    for (std::byte &b : tensor->bytes.span())
      b = std::byte{b != std::byte{0}};
  if (header.isFortranOrder && header.shape.size() > 1 && tensor->elements() > 0) {
    auto ordered = AlignedBytes::allocate(tensor->bytes.size());
    if (!ordered)
      return ordered.takeError();
    transposeFromFortran(tensor->bytes.data(), ordered->data(), header.shape, size);
    tensor->bytes = std::move(*ordered);
  }
  return tensor;
}

llvm::Error writeNpy(const std::string &path, const Tensor &tensor) {
  std::string header = headerFor(tensor);
  std::string_view parts[] = {header, {reinterpret_cast<const char *>(tensor.bytes.data()), tensor.bytes.size()}};
  return writeFileAtomically(path, parts);
}

} // namespace rblnc
