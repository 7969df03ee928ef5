// Runs bundles built by hand.
#pragma once

#include "bundle/Build.h"

#include "rblnc/emulator/Machine.h"

#include <map>
#include <span>

namespace rblnc::test {

using emulator::RunOptions;
using emulator::RunResult;

/// Arrays bound to names.
struct Arrays {
  emulator::Arguments arguments;

  template <typename T> Arrays &bind(const char *name, std::vector<T> &array) {
    arguments[name] = std::as_writable_bytes(std::span(array));
    return *this;
  }
};

inline std::string textOf(llvm::Error error) {
  Diagnostic diagnostic = toDiagnostic(std::move(error));
  return std::string(infoOf(diagnostic.code).name) + ": " + diagnostic.message;
}

/// Runs the first program; a failure to open or run fails the test.
inline RunResult run(const TestBundle &builder, const Arrays &arrays, const RunOptions &options = {}) {
  auto bundle = openBytes(builder.bytes());
  if (!bundle)
    FAIL(textOf(bundle.takeError()));
  auto machine = emulator::Machine::create(*bundle);
  if (!machine)
    FAIL(textOf(machine.takeError()));
  auto result = machine->run(arrays.arguments, options);
  if (!result)
    FAIL(textOf(result.takeError()));
  return std::move(*result);
}

/// The error of a run that must fail.
inline Diagnostic runError(const TestBundle &builder, const Arrays &arrays, const RunOptions &options = {}) {
  auto bundle = openBytes(builder.bytes());
  if (!bundle)
    FAIL(textOf(bundle.takeError()));
  auto machine = llvm::cantFail(emulator::Machine::create(*bundle));
  auto result = machine.run(arrays.arguments, options);
  if (result)
    FAIL("the run succeeded");
  return toDiagnostic(result.takeError());
}

} // namespace rblnc::test
