// What a call of the library leaves behind when it has something to say, and the wall that no exception passes.
#pragma once

#include "Faults.h"

#include "rblnc/rblnc.h"
#include "rblnc/support/Diagnostic.h"

#include <exception>
#include <new>
#include <string>
#include <vector>

struct rblnc_diagnostics {
  std::string text;
  std::string json;
  size_t count = 0;
};

namespace rblnc::capi {

/// The diagnostics of one call.
class Report {
public:
  /// `out` may be null: then nobody wants to know.
  explicit Report(rblnc_diagnostics **out) : out(out) {
    if (out)
      *out = nullptr;
  }

  /// Hands out what there is to say. The status that the worst of it leads to.
  rblnc_status give(const std::vector<Diagnostic> &diagnostics);
  rblnc_status give(Diagnostic diagnostic);
  /// A mistake in the call itself.
  rblnc_status usage(const std::string &message);
  /// Our own fault, or no memory. Says as much as can still be said.
  rblnc_status fault(const char *what) noexcept;
  rblnc_status fault(const Fault &fault, const char *where) noexcept;

private:
  rblnc_diagnostics **out;
};

/// Runs the body of a call that can fail. `where` says in messages what had a fault.
template <typename F> rblnc_status guarded(rblnc_diagnostics **out, const char *where, F body) noexcept {
  Report report(out);
  Guard guard(Guard::Answer::Jump);
  if (sigsetjmp(guard.place, 0))
    return report.fault(guard.recover(), where);
  try {
    return body(report);
  } catch (const std::bad_alloc &) {
    return report.fault("there is no memory left");
  } catch (const std::exception &error) {
    return report.fault(error.what());
  } catch (...) {
    return report.fault("an unknown exception");
  }
}

inline rblnc_string textOf(std::string_view text) { return {text.data(), text.size()}; }

} // namespace rblnc::capi
