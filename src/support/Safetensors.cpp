// The .safetensors format: eight bytes of header length, a JSON object, and the data of all tensors.
#include "rblnc/support/CheckedMath.h"
#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"
#include "rblnc/support/Json.h"
#include "rblnc/support/TensorFile.h"

#include <algorithm>
#include <optional>

namespace rblnc {
namespace {

constexpr uint64_t maxHeaderBytes = 32 << 20;
/// The format nests three deep.
constexpr unsigned maxDepth = 8;

struct DTypeRow {
  llvm::StringRef name;
  DType dtype;
};
constexpr DTypeRow dtypeRows[] = {
    {"BOOL", DType::i1}, {"I8", DType::i8},   {"I16", DType::i16},   {"I32", DType::i32}, {"I64", DType::i64},
    {"F16", DType::f16}, {"F32", DType::f32}, {"BF16", DType::bf16}, {"F64", DType::f64}, {"U8", DType::u8},
    {"U16", DType::u16}, {"U32", DType::u32}, {"U64", DType::u64},
};

llvm::Error malformed(const std::string &path, const std::string &why) {
  return makeError(Code::R005, "'" + path + "' is not a .safetensors file: " + why);
}

std::optional<std::vector<int64_t>> integersOf(const llvm::json::Array *array) {
  if (!array || array->size() > 64)
    return std::nullopt;
  std::vector<int64_t> result;
  for (const llvm::json::Value &value : *array) {
    auto integer = value.getAsInteger();
    if (!integer || *integer < 0)
      return std::nullopt;
    result.push_back(*integer);
  }
  return result;
}

} // namespace

llvm::Expected<TensorFile> openSafetensors(const std::string &path, const std::string &named) {
  auto opened = ByteSource::open(path);
  if (!opened)
    return opened.takeError();
  auto source = std::make_shared<ByteSource>(std::move(*opened));
  auto prefix = source->size() < 8 ? malformed(path, "it has only " + std::to_string(source->size()) + " bytes")
                                   : llvm::Expected<std::string>(source->readString(0, 8));
  if (!prefix)
    return prefix.takeError();
  uint64_t headerBytes = 0;
  for (size_t i = 0; i < 8; ++i)
    headerBytes |= static_cast<uint64_t>(static_cast<unsigned char>((*prefix)[i])) << (8 * i);
  if (headerBytes > maxHeaderBytes || headerBytes > source->size() - 8)
    return malformed(path, "its header would have " + std::to_string(headerBytes) + " bytes");
  auto text = source->readString(8, headerBytes);
  if (!text)
    return text.takeError();
  auto json = parseJson(*text, maxDepth);
  if (!json) {
    llvm::consumeError(json.takeError());
    return malformed(path, "its header is not JSON");
  }
  const llvm::json::Object *tensors = json->getAsObject();
  if (!tensors)
    return malformed(path, "its header is not a JSON object");
  std::vector<std::string> names;
  for (const auto &pair : *tensors)
    if (pair.first != "__metadata__")
      names.push_back(pair.first.str());
  std::sort(names.begin(), names.end());
  const std::string &name = named.empty() && names.size() == 1 ? names.front() : named;
  const llvm::json::Object *entry = name == "__metadata__" ? nullptr : tensors->getObject(name);
  if (!entry)
    return noSuchTensor(path, name, "tensor", names);

  auto dtypeName = entry->getString("dtype");
  auto shape = integersOf(entry->getArray("shape"));
  auto offsets = integersOf(entry->getArray("data_offsets"));
  if (!dtypeName || !shape || !offsets || offsets->size() != 2)
    return malformed(path, "tensor '" + name + "' lacks a dtype, a shape or offsets");
  const DTypeRow *row = nullptr;
  for (const DTypeRow &each : dtypeRows)
    if (each.name == *dtypeName)
      row = &each;
  if (!row)
    return makeError(Code::R007,
                     "'" + path + ":" + name + "' has the dtype " + dtypeName->str() + ", which no kernel takes");
  auto count = elementCount(*shape);
  auto bytes = count ? checkedMultiply(static_cast<uint64_t>(*count), sizeOf(row->dtype)) : std::nullopt;
  auto begin = static_cast<uint64_t>((*offsets)[0]), end = static_cast<uint64_t>((*offsets)[1]);
  uint64_t dataBytes = source->size() - 8 - headerBytes;
  if (!bytes || end < begin || end - begin != *bytes)
    return malformed(path, "tensor '" + name + "' has a shape and offsets that do not fit each other");
  if (end > dataBytes)
    return malformed(path, "tensor '" + name + "' lies outside of it (was it cut short?)");

  TensorFile file;
  file.dtype = row->dtype;
  file.shape = *shape;
  uint64_t offset = 8 + headerBytes + begin;
  file.loader = [source, dtype = row->dtype, shape = *shape, offset]() -> llvm::Expected<Tensor> {
    auto tensor = Tensor::zeros(dtype, shape);
    if (!tensor)
      return tensor.takeError();
    if (auto error = source->read(offset, tensor->bytes.span()))
      return error;
    if (dtype == DType::i1)
      for (std::byte &b : tensor->bytes.span())
        b = std::byte{b != std::byte{0}};
    return tensor;
  };
  return file;
}

} // namespace rblnc
