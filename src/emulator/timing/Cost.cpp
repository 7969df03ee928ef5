#include "Cost.h"

namespace rblnc::emulator {

Cost costOf(const DecodedCommand &command, const Touched &touched) {
  return command.visit([&](const auto &body) {
    bool isTransfer = body.kind == CommandClass::Transfer;
    return Cost{touched.dramBytes, isTransfer ? touched.writtenBytes : 0, body.flops(), body.scalarOperations()};
  });
}

} // namespace rblnc::emulator
