// MLIR bytecode, which is read by a process of its own.
#include "Bytecode.h"

#include "rblnc/frontend/Frontend.h"
#include "rblnc/support/Sanitizers.h"

#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"

#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;

namespace rblnc::frontend {
namespace {

/// A kernel's module takes milliseconds and megabytes.
constexpr rlim_t maxSeconds = 2;
constexpr rlim_t maxMemory = rlim_t(4) << 30;
/// As much text as may be given directly.
constexpr size_t maxText = size_t(256) << 20;

/// First byte of what the child writes; the text or the reason follows.
enum Answer : char { Text = 'T', Failure = 'F' };

void limit(decltype(RLIMIT_CPU) resource, rlim_t value) {
  struct rlimit bound = {value, value};
  ::setrlimit(resource, &bound);
}

void writeAll(int descriptor, llvm::StringRef bytes) {
  while (!bytes.empty()) {
    ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return;
    bytes = bytes.drop_front(static_cast<size_t>(put));
  }
}

/// In the child: never returns.
[[noreturn]] void answer(const llvm::MemoryBuffer &bytecode, const DialectRegistry &registry, int descriptor) {
  for (int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGXCPU, SIGTERM, SIGINT, SIGPIPE})
    ::signal(signal, SIG_DFL);
  // What a crash would print is of no use to the user.
  if (int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0)
    ::dup2(null, STDERR_FILENO);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, maxSeconds);
  // The address sanitizer reserves terabytes of addresses.
  if (!isAddressSanitized)
    limit(RLIMIT_AS, maxMemory);

  std::unique_ptr<MLIRContext> context = makeContext(registry);
  std::string reason;
  ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    if (reason.empty() && diagnostic.getSeverity() == DiagnosticSeverity::Error)
      reason = diagnostic.str();
    return success();
  });
  ParserConfig config(context.get(), /*verifyAfterParse=*/true);
  Block block;
  std::string out(1, Failure);
  if (succeeded(readBytecodeFile(bytecode.getMemBufferRef(), &block, config))) {
    out.front() = Text;
    llvm::raw_string_ostream os(out);
    for (Operation &op : block) {
      op.print(os, OpPrintingFlags().enableDebugInfo(true, /*prettyForm=*/false));
      os << '\n';
    }
  } else {
    out += reason;
  }
  writeAll(descriptor, out);
  ::_exit(0);
}

std::string readAll(int descriptor, bool &isTooLarge) {
  std::string bytes;
  char chunk[1 << 14];
  while (true) {
    ssize_t got = ::read(descriptor, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return bytes;
    isTooLarge = static_cast<size_t>(got) > maxText - bytes.size();
    if (isTooLarge)
      return bytes;
    bytes.append(chunk, static_cast<size_t>(got));
  }
}

} // namespace

bool isBytecode(llvm::StringRef bytes) { return bytes.starts_with("ML\xefR"); }

llvm::Expected<std::string> textOfBytecode(const llvm::MemoryBuffer &bytecode, const DialectRegistry &registry) {
  auto systemError = [] { return llvm::createStringError("%s", std::strerror(errno)); };
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return systemError();
  pid_t child = ::fork();
  if (child < 0) {
    llvm::Error error = systemError();
    ::close(ends[0]);
    ::close(ends[1]);
    return error;
  }
  if (child == 0)
    answer(bytecode, registry, ends[1]);

  ::close(ends[1]);
  bool isTooLarge = false;
  std::string bytes = readAll(ends[0], isTooLarge);
  ::close(ends[0]);
  if (isTooLarge)
    ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  if (isTooLarge)
    return llvm::createStringError("its text is too large");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || bytes.empty())
    return llvm::createStringError("it is damaged");
  if (bytes.front() == Failure)
    return llvm::createStringError("%s", bytes.size() > 1 ? bytes.c_str() + 1 : "it is damaged");
  bytes.erase(0, 1);
  return bytes;
}

} // namespace rblnc::frontend
