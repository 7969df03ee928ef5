// Opening a tensor by its file's name; .npy and .npz.
#include "rblnc/support/TensorFile.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/Npy.h"
#include "rblnc/support/Spelling.h"
#include "rblnc/support/Zip.h"

#include <algorithm>

namespace rblnc {
namespace {

/// Splits "dir/x.npz:member" at the first ':' after the extension; the member is empty when there is none.
bool splitMember(std::string_view spec, std::string_view extension, std::string &path, std::string &member) {
  if (spec.ends_with(extension)) {
    path = spec;
    member.clear();
    return true;
  }
  std::string separator = std::string(extension) + ":";
  size_t at = spec.find(separator);
  if (at == std::string_view::npos)
    return false;
  path = spec.substr(0, at + extension.size());
  member = spec.substr(at + separator.size());
  return true;
}

} // namespace

bool TensorFile::isTensorFile(std::string_view spec) {
  std::string path, member;
  return spec.ends_with(".npy") || splitMember(spec, ".npz", path, member) ||
         splitMember(spec, ".safetensors", path, member);
}

std::string TensorFile::pathOf(std::string_view spec) {
  std::string path, member;
  if (splitMember(spec, ".npz", path, member) || splitMember(spec, ".safetensors", path, member))
    return path;
  return std::string(spec);
}

llvm::Expected<TensorFile> TensorFile::open(const std::string &spec) {
  std::string path, member;
  if (splitMember(spec, ".npz", path, member))
    return openNpz(path, member);
  if (splitMember(spec, ".safetensors", path, member))
    return openSafetensors(path, member);
  return openNpy(spec);
}

llvm::Expected<TensorFile> openNpy(const std::string &path) {
  auto opened = ByteSource::open(path);
  if (!opened)
    return opened.takeError();
  auto source = std::make_shared<ByteSource>(std::move(*opened));
  auto header = readNpyHeader(*source);
  if (!header)
    return header.takeError();
  TensorFile file;
  file.dtype = header->dtype;
  file.shape = header->shape;
  file.loader = [source, header = std::move(*header)] { return readNpyData(*source, header); };
  return file;
}

llvm::Expected<TensorFile> openNpz(const std::string &path, const std::string &name) {
  auto opened = ByteSource::open(path);
  if (!opened)
    return opened.takeError();
  auto unpacked = ZipArchive::open(std::move(*opened));
  if (!unpacked)
    return unpacked.takeError();
  auto archive = std::make_shared<ZipArchive>(std::move(*unpacked));
  // NumPy stores the array `x` as the member "x.npy".
  const ZipArchive::Member *member = name.empty() ? nullptr : archive->find(name + ".npy");
  if (!member && !name.empty())
    member = archive->find(name);
  if (!member && name.empty() && archive->members().size() == 1)
    member = &archive->members().front();
  if (!member) {
    std::vector<std::string> names;
    for (const ZipArchive::Member &each : archive->members())
      names.push_back(each.name.ends_with(".npy") ? each.name.substr(0, each.name.size() - 4) : each.name);
    return noSuchTensor(path, name, "array", names);
  }
  auto start = archive->extract(*member, maxNpyHeaderBytes);
  if (!start)
    return start.takeError();
  std::string label = path + ":" + name;
  auto header = readNpyHeader(ByteSource::ofMemory(std::move(*start), label));
  if (!header)
    return header.takeError();
  if (header->dataBytes > member->size || header->dataOffset > member->size - header->dataBytes)
    return makeError(Code::R005, "'" + label + "' is cut short: its shape " + formatShape(header->shape) + " needs " +
                                     std::to_string(header->dataBytes) + " bytes");
  TensorFile file;
  file.dtype = header->dtype;
  file.shape = header->shape;
  file.loader = [archive, member = *member, header = *header, label]() -> llvm::Expected<Tensor> {
    auto bytes = archive->extract(member, member.size);
    if (!bytes)
      return bytes.takeError();
    return readNpyData(ByteSource::ofMemory(std::move(*bytes), label), header);
  };
  return file;
}

llvm::Error noSuchTensor(const std::string &path, const std::string &name, const std::string &kind,
                         const std::vector<std::string> &names) {
  if (names.empty())
    return makeError(Code::R006, "'" + path + "' holds no " + kind);
  return makeError(Code::R006,
                   name.empty() ? "'" + path + "' holds several " + kind + "s and none is named"
                                : "'" + path + "' has no " + kind + " '" + name + "'" +
                                      didYouMean(name, {names.begin(), names.end()}),
                   "write " + path + ":NAME; it holds " + formatNames(names));
}

std::string formatNames(const std::vector<std::string> &names, size_t most) {
  if (names.empty())
    return "nothing";
  std::string result;
  for (size_t i = 0; i < std::min(names.size(), most); ++i)
    result += (i ? ", " : "") + names[i];
  if (names.size() > most)
    result += " and " + std::to_string(names.size() - most) + " more";
  return result;
}

} // namespace rblnc
