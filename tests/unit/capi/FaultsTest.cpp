// Faults of the library that the host survives. Each test is a process of its own: a compiler that had a fault stays
// out of use in its process.
#include "capi/Handles.h"

#include <atomic>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace rblnc::test;

#if defined(__SANITIZE_ADDRESS__) || (defined(__has_feature) && __has_feature(address_sanitizer))
// There the sanitizer has the signals.
#else

namespace {

/// What a child ended with: its exit status, or minus the signal that ended it.
int endOf(const std::function<bool()> &body) {
  pid_t child = ::fork();
  if (child == 0) {
    // The test program has handlers of its own.
    for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT})
      ::signal(signal, SIG_DFL);
    // What the C library says of an abort is expected.
    ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    ::alarm(60);
    ::_exit(body() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool provoke(const char *place, const char *kind) {
  return rblnc_provoke_fault({place, std::strlen(place)}, {kind, std::strlen(kind)}) == RBLNC_DONE;
}

bool isHandledBy(int signal, void (*handler)(int)) {
  struct sigaction now{};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == handler;
}

Arrays threeArrays() { return Arrays(3, std::vector<float>(4096, 1.0f)); }

bool runsRight(const rblnc_bundle *bundle) {
  Arrays arrays = threeArrays();
  return runOn(bundle, buffersOf(arrays)).status == RBLNC_DONE && arrays[2] == std::vector<float>(4096, 2.0f);
}

struct Kind {
  const char *name;
  const char *says;
};
const Kind kinds[] = {{"SIGSEGV", "SIGSEGV at address 0x0 in "},
                      {"SIGBUS", "SIGBUS at address "},
                      {"SIGFPE", "SIGFPE in "},
                      {"SIGILL", "SIGILL in "},
                      {"SIGTRAP", "SIGTRAP in "},
                      {"SIGABRT", "SIGABRT in "},
                      {"terminate", "SIGABRT in "},
                      {"stack overflow", "SIGSEGV at address 0x"},
                      {"fatal error", ": a fatal error to order"},
                      {"usage error", ": a usage error to order"},
                      {"no memory", "there is no memory left"},
                      {"no memory in LLVM", "there is no memory left"}};

volatile sig_atomic_t heard = 0;
void hear(int) { heard = heard + 1; }

} // namespace

TEST_CASE("X001: every fault of the compiler is a status with a message, and what is compiled goes on running",
          "[capi]") {
  for (const Kind &kind : kinds) {
    INFO(kind.name);
    CHECK(endOf([&] {
            rblnc_contain_faults(1);
            auto bundle = compileKernel(vectorAdd);
            if (!provoke("compile", kind.name))
              return false;
            auto outcome = compileText(kernelText(vectorAdd));
            bool isSaid = outcome.status == RBLNC_INTERNAL && !outcome.handle && contains(outcome.says(), kind.says) &&
                          contains(outcome.says(), "[RBLN-X001]");
            // The next one compiles, or says why not.
            auto next = compileText(kernelText(vectorAdd));
            bool isKnown = rblnc_is_faulted() ? next.status == RBLNC_INTERNAL && contains(next.says(), "start it anew")
                                              : next.status == RBLNC_DONE;
            return isSaid && isKnown && rblnc_is_faulted() == !contains(kind.name, "no memory") &&
                   runsRight(bundle.get()) && openBytes(bytesOf(bundle.get())).status == RBLNC_DONE;
          }) == 0);
  }
}

TEST_CASE("X001: every fault of other calls is a status with a message, and the next call works", "[capi]") {
  for (const Kind &kind : kinds) {
    INFO(kind.name);
    CHECK(endOf([&] {
            rblnc_contain_faults(1);
            auto bundle = compileKernel(vectorAdd);
            Arrays arrays = threeArrays();
            bool isSaid = true;
            for (int turn = 0; turn < 3; ++turn) {
              provoke("run", kind.name);
              auto outcome = runOn(bundle.get(), buffersOf(arrays));
              isSaid &= outcome.status == RBLNC_INTERNAL && !outcome.handle && contains(outcome.says(), kind.says);
              provoke("open", kind.name);
              auto opened = openBytes(bytesOf(bundle.get()));
              isSaid &= opened.status == RBLNC_INTERNAL && !opened.handle && contains(opened.says(), kind.says);
              isSaid &= runsRight(bundle.get());
            }
            auto result = runOn(bundle.get(), buffersOf(arrays));
            provoke("report", kind.name);
            isSaid &= rblnc_result_json(result.handle.get()).size == 0;
            return isSaid && rblnc_result_json(result.handle.get()).size > 0 && !rblnc_is_faulted() &&
                   compileText(kernelText(vectorAdd)).status == RBLNC_DONE;
          }) == 0);
  }
}

TEST_CASE("faults end the process of a host that has not asked for anything else", "[capi]") {
  CHECK(endOf([] {
          provoke("compile", "SIGSEGV");
          compileText(kernelText(vectorAdd));
          return true;
        }) == -SIGSEGV);
  CHECK(endOf([] {
          rblnc_contain_faults(1);
          rblnc_contain_faults(0);
          provoke("compile", "SIGABRT");
          compileText(kernelText(vectorAdd));
          return true;
        }) == -SIGABRT);
}

TEST_CASE("the handlers of signals are the host's between calls", "[capi]") {
  CHECK(endOf([] {
          ::signal(SIGSEGV, hear);
          rblnc_contain_faults(1);
          auto bundle = compileKernel(vectorAdd);
          bool isHost = isHandledBy(SIGSEGV, hear) && isHandledBy(SIGABRT, SIG_DFL);
          provoke("run", "SIGSEGV");
          Arrays arrays = threeArrays();
          isHost &= runOn(bundle.get(), buffersOf(arrays)).status == RBLNC_INTERNAL && heard == 0;
          provoke("compile", "SIGSEGV");
          isHost &= compileText(kernelText(vectorAdd)).status == RBLNC_INTERNAL && heard == 0;
          return isHost && isHandledBy(SIGSEGV, hear) && isHandledBy(SIGABRT, SIG_DFL);
        }) == 0);
}

namespace {

/// In the middle of a call: a signal that is the host's, then one more from a thread of the host.
int32_t hostSignals(const rblnc_progress *) {
  if (heard)
    return 0;
  ::kill(::getpid(), SIGFPE);
  std::thread([] { ::raise(SIGFPE); }).join();
  return 0;
}

int32_t hostFaults(const rblnc_progress *) {
  ::raise(SIGSEGV);
  return 0;
}

int32_t hostChangesHandler(const rblnc_progress *) {
  ::signal(SIGSEGV, hear);
  return 0;
}

/// A call that lasts until somebody has been told of it.
rblnc_status longCall(rblnc_progress_function progress) {
  rblnc_run_options options = RBLNC_RUN_OPTIONS_INIT;
  options.progress = progress;
  auto bundle = compileText(productText(2048));
  std::vector<std::vector<float>> arrays(2, std::vector<float>(2048 * 2048, 0.0f));
  return runOn(bundle.handle.get(), buffersOf(arrays), &options).status;
}

} // namespace

TEST_CASE("signals of the host during a call go to the host's handlers", "[capi]") {
  CHECK(endOf([] {
          ::signal(SIGFPE, hear);
          rblnc_contain_faults(1);
          return longCall(hostSignals) == RBLNC_DONE && heard == 2 && isHandledBy(SIGFPE, hear);
        }) == 0);
  // Without one they do what they always do.
  CHECK(endOf([] {
          rblnc_contain_faults(1);
          longCall(hostFaults);
          return true;
        }) == -SIGSEGV);
  CHECK(endOf([] {
          rblnc_contain_faults(1);
          return longCall(hostChangesHandler) == RBLNC_DONE && isHandledBy(SIGSEGV, hear);
        }) == 0);
}

TEST_CASE("X001: a fault of one thread leaves the calls of others alone", "[capi]") {
  CHECK(endOf([] {
          rblnc_contain_faults(1);
          auto bundle = compileKernel(vectorAdd);
          std::atomic<bool> isOver = false;
          std::atomic<int> wrong = 0, runs = 0, faults = 0;
          std::vector<std::thread> threads;
          for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
              while (!isOver) {
                Arrays arrays = threeArrays();
                rblnc_status status = runOn(bundle.get(), buffersOf(arrays)).status;
                faults += status == RBLNC_INTERNAL;
                wrong += status == RBLNC_DONE && arrays[2] != std::vector<float>(4096, 2.0f);
                ++runs;
              }
            });
          int provoked = 0;
          for (; provoked < 20; ++provoked) {
            provoke("run", provoked % 2 ? "SIGSEGV" : "stack overflow");
            while (faults <= provoked && runs < 100000)
              std::this_thread::yield();
          }
          isOver = true;
          for (std::thread &thread : threads)
            thread.join();
          return wrong == 0 && faults == provoked && runs > provoked;
        }) == 0);
}

TEST_CASE("X001: a thread with a small stack, and a child of a fork, survive faults too", "[capi]") {
  CHECK(endOf([] {
          rblnc_contain_faults(1);
          auto bundle = compileKernel(vectorAdd);
          auto survives = [](void *given) -> void * {
            Arrays arrays = threeArrays();
            provoke("run", "stack overflow");
            bool isGood = runOn(static_cast<rblnc_bundle *>(given), buffersOf(arrays)).status == RBLNC_INTERNAL;
            return isGood && runsRight(static_cast<rblnc_bundle *>(given)) ? given : nullptr;
          };
          pthread_attr_t attributes;
          pthread_attr_init(&attributes);
          pthread_attr_setstacksize(&attributes, size_t(256) << 10);
          pthread_t thread;
          void *result = nullptr;
          if (pthread_create(&thread, &attributes, survives, bundle.get()) != 0)
            return false;
          pthread_join(thread, &result);
          return result && endOf([&] { return survives(bundle.get()) != nullptr; }) == 0;
        }) == 0);
}

TEST_CASE("X001: little memory is a message, never a crash", "[capi]") {
  const std::string text = kernelText(vectorAdd);
  CHECK(endOf([&] {
          rblnc_contain_faults(1);
          compileKernel(vectorAdd);
          return true;
        }) == 0);
  for (rlim_t mebibytes = 0; mebibytes < 48; mebibytes += 3) {
    INFO(mebibytes << " MiB more");
    CHECK(endOf([&] {
            rblnc_contain_faults(1);
            std::ifstream statm("/proc/self/statm");
            rlim_t pages = 0;
            statm >> pages;
            rlim_t bytes = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (mebibytes << 20);
            struct rlimit limit = {bytes, bytes};
            ::setrlimit(RLIMIT_AS, &limit);
            rblnc_bundle *bundle = nullptr;
            rblnc_status status = rblnc_compile(text.data(), text.size(), nullptr, &bundle, nullptr);
            return status == RBLNC_INTERNAL || (status == RBLNC_DONE && bundle);
          }) == 0);
  }
}

TEST_CASE("only faults that there are can be provoked", "[capi]") {
  CHECK(!provoke("compile", "SIGKILL"));
  CHECK(!provoke("nowhere", "SIGSEGV"));
}

#endif
