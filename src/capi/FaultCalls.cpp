// What hosts say about faults.
#include "Faults.h"
#include "Options.h"
#include "Report.h"

using namespace rblnc;

void rblnc_contain_faults(int32_t on) {
  try {
    capi::containFaults(on != 0);
  } catch (...) {
    // No memory: faults end the process, as before.
  }
}

rblnc_status rblnc_provoke_fault(rblnc_string place, rblnc_string kind) {
  return capi::guarded(nullptr, "the library", [&](capi::Report &) -> rblnc_status {
    if (!capi::isString(place) || !capi::isString(kind) ||
        !capi::provokeFault(capi::refOf(place).str(), capi::refOf(kind).str()))
      return RBLNC_USAGE;
    return RBLNC_DONE;
  });
}
