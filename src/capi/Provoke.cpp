// Faults to order, for the tests of those who survive them.
#include "Faults.h"

#include "llvm/Support/ErrorHandling.h"

#include <climits>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>

namespace rblnc::capi {
namespace {

/// Overflows the stack; the count never gets there.
[[gnu::noinline]] int recurse(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth == INT_MAX ? 0 : recurse(depth + 1) + frame[0];
}

volatile int zero = 0;
int *volatile nowhere = nullptr;

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wexceptions"
void terminate() noexcept { throw 0; }
#pragma clang diagnostic pop

void divide() {
#if defined(__x86_64__)
  zero = 1 / zero;
#endif
  ::raise(SIGFPE); // where a division by zero has a value
}

const std::map<std::string, void (*)()> kinds{
    {"SIGSEGV", [] { *nowhere = 1; }},
    {"SIGBUS", [] { ::raise(SIGBUS); }},
    {"SIGFPE", [] { divide(); }},
    {"SIGILL", [] { __builtin_trap(); }},
    {"SIGTRAP", [] { ::raise(SIGTRAP); }},
    {"SIGABRT", [] { std::abort(); }},
    {"terminate", [] { terminate(); }},
    {"stack overflow", [] { (void)recurse(zero); }},
    {"fatal error", [] { llvm::report_fatal_error("a fatal error to order"); }},
    {"usage error", [] { llvm::report_fatal_error("a usage error to order", /*gen_crash_diag=*/false); }},
    {"no memory", [] { throw std::bad_alloc(); }},
    {"no memory in LLVM", [] { llvm::report_bad_alloc_error("no memory to order"); }},
};

std::mutex mutex;
std::atomic<bool> isAny = false;
std::map<std::string, void (*)()> wished{};

} // namespace

bool provokeFault(const std::string &place, const std::string &kind) {
  auto found = kinds.find(kind);
  if (found == kinds.end() ||
      (place != "compile" && place != "run" && place != "open" && place != "compute" && place != "report"))
    return false;
  std::lock_guard lock(mutex);
  wished[place] = found->second;
  isAny = true;
  return true;
}

void haveProvokedFault(const char *place) {
  if (!isAny.load(std::memory_order_relaxed))
    return;
  void (*fault)() = nullptr;
  {
    std::lock_guard lock(mutex);
    if (auto found = wished.find(place); found != wished.end()) {
      fault = found->second;
      wished.erase(found);
    }
    isAny = !wished.empty();
  }
  if (fault)
    fault();
}

} // namespace rblnc::capi
