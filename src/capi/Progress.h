// How long calls are watched and stopped.
#pragma once

#include "rblnc/rblnc.h"
#include "rblnc/support/Watch.h"

struct rblnc_cancel {
  std::atomic<bool> isRequested = false;
};

namespace rblnc::capi {

Watch::Listener listenerOf(rblnc_progress_function function, void *context);

/// Of the options of a call.
template <typename Options> Watch::Listener listenerOf(const Options &options) {
  return listenerOf(options.progress, options.progress_context);
}
template <typename Options> const std::atomic<bool> *requestOf(const Options &options) {
  return options.cancel ? &options.cancel->isRequested : nullptr;
}

} // namespace rblnc::capi
