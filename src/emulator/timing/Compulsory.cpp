#include "Compulsory.h"

#include <algorithm>
#include <bit>

namespace rblnc::emulator {

CompulsoryBytes::CompulsoryBytes(const bundle::Bundle &bundle) {
  if (!bundle.regions())
    return;
  for (const bundle::Region *region : *bundle.regions()) {
    int64_t bytes = region->kind() == bundle::RegionKind::argument ? region->bytes() : 0;
    regions.emplace_back(static_cast<size_t>((bytes + pageBytes - 1) / pageBytes));
  }
}

void CompulsoryBytes::touch(const Footprint &footprint) {
  if (footprint.memory != bundle::Memory::dram || footprint.isEmpty() || regions[footprint.unit].empty())
    return;
  Pages &pages = regions[footprint.unit];
  footprint.forEachRun([&](int64_t first) {
    touchRun(pages, first, first + footprint.run - 1, footprint.isWritten);
    return true;
  });
}

void CompulsoryBytes::touchRun(Pages &pages, int64_t first, int64_t last, bool isWritten) {
  while (first <= last) {
    std::unique_ptr<Page> &page = pages[static_cast<size_t>(first / pageBytes)];
    if (!page)
      page = std::make_unique<Page>();
    auto word = static_cast<size_t>(first % pageBytes / 64);
    int64_t end = std::min(last, first | 63);
    uint64_t mask = (~uint64_t{0} >> (63 - (end - first))) << (first % 64);
    if (isWritten) {
      writtenBytes += static_cast<uint64_t>(std::popcount(mask & ~page->isWritten[word]));
      page->isWritten[word] |= mask;
    } else {
      readBytes += static_cast<uint64_t>(std::popcount(mask & ~page->isWritten[word] & ~page->isRead[word]));
      page->isRead[word] |= mask;
    }
    first = end + 1;
  }
}

} // namespace rblnc::emulator
