// Writes messages in the protobuf wire format: https://protobuf.dev/programming-guides/encoding
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rblnc::report {

class Message {
public:
  Message &number(uint32_t field, uint64_t value) {
    varint(uint64_t{field} << 3);
    varint(value);
    return *this;
  }
  /// A fixed64.
  Message &fixed(uint32_t field, uint64_t value) {
    varint(uint64_t{field} << 3 | 1);
    for (int shift = 0; shift < 64; shift += 8)
      bytes.push_back(static_cast<char>(value >> shift & 255));
    return *this;
  }
  Message &text(uint32_t field, std::string_view value) {
    varint(uint64_t{field} << 3 | 2);
    varint(value.size());
    bytes.append(value);
    return *this;
  }
  Message &message(uint32_t field, const Message &value) { return text(field, value.bytes); }

  std::string bytes;

private:
  void varint(uint64_t value) {
    for (; value >= 128; value >>= 7)
      bytes.push_back(static_cast<char>((value & 127) | 128));
    bytes.push_back(static_cast<char>(value));
  }
};

} // namespace rblnc::report
