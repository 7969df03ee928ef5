// The free parts of a memory at one time.
#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <set>

namespace rblnc::plan {

class FreeList {
public:
  explicit FreeList(int64_t capacity) {
    if (capacity > 0)
      add(0, capacity);
  }

  /// Takes bytes from the smallest gap that has them, the lowest of equal ones; -1 without any.
  int64_t take(int64_t bytes) {
    auto found = bySize.lower_bound({bytes, 0});
    if (found == bySize.end())
      return -1;
    auto [size, offset] = *found;
    remove(offset, size);
    if (size > bytes)
      add(offset + bytes, size - bytes);
    return offset;
  }
  /// Makes bytes free again that were taken.
  void give(int64_t offset, int64_t bytes) {
    auto next = byOffset.lower_bound(offset);
    if (next != byOffset.end() && next->first == offset + bytes) {
      bytes += next->second;
      remove(next->first, next->second);
    }
    next = byOffset.lower_bound(offset);
    if (next != byOffset.begin())
      if (auto before = std::prev(next); before->first + before->second == offset) {
        offset = before->first;
        bytes += before->second;
        remove(before->first, before->second);
      }
    add(offset, bytes);
  }

private:
  void add(int64_t offset, int64_t bytes) {
    byOffset[offset] = bytes;
    bySize.insert({bytes, offset});
  }
  void remove(int64_t offset, int64_t bytes) {
    bySize.erase({bytes, offset});
    byOffset.erase(offset);
  }
  std::map<int64_t, int64_t> byOffset;
  std::set<std::pair<int64_t, int64_t>> bySize;
};

} // namespace rblnc::plan
