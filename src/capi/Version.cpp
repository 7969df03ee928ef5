// Which library this is.
#include "Report.h"

#include "rblnc/driver/Version.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

#include <cstring>
#include <link.h>

namespace rblnc::capi {
namespace {

/// The GNU build id among the notes of one segment.
std::string findBuildId(const char *notes, size_t size) {
  auto padded = [](size_t bytes) { return (bytes + 3) / 4 * 4; };
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes, sizeof header);
    size_t total = sizeof header + padded(header.n_namesz) + padded(header.n_descsz);
    if (total > size)
      return {};
    const char *name = notes + sizeof header;
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      const auto *id = reinterpret_cast<const uint8_t *>(name + padded(header.n_namesz));
      return llvm::toHex(llvm::ArrayRef(id, header.n_descsz), /*LowerCase=*/true);
    }
    notes += total;
    size -= total;
  }
  return {};
}

/// Called for each loaded object; stops at the one that this code lies in.
int visit(struct dl_phdr_info *info, size_t, void *result) {
  auto own = reinterpret_cast<uintptr_t>(&visit);
  bool isOwn = false;
  std::string id;
  for (size_t i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && own >= begin && own - begin < segment.p_memsz)
      isOwn = true;
    if (segment.p_type == PT_NOTE && id.empty())
      id = findBuildId(reinterpret_cast<const char *>(begin), segment.p_memsz);
  }
  if (isOwn)
    *static_cast<std::string *>(result) = id;
  return isOwn;
}

const std::string &buildId() {
  static const std::string id = [] {
    std::string found;
    dl_iterate_phdr(visit, &found);
    return found;
  }();
  return id;
}

const std::string &version() {
  static const std::string text = [] {
    std::string line = versionText();
    line.erase(line.find_last_not_of('\n') + 1);
    return line;
  }();
  return text;
}

} // namespace
} // namespace rblnc::capi

uint32_t rblnc_abi_version(void) { return RBLNC_ABI_VERSION; }
rblnc_string rblnc_version(void) { return rblnc::capi::textOf(rblnc::capi::version()); }
rblnc_string rblnc_build_id(void) { return rblnc::capi::textOf(rblnc::capi::buildId()); }
