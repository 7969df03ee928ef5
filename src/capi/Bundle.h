// The handle of a bundle: the verified file, and the machine that has decoded its program.
#pragma once

#include "Report.h"

#include "rblnc/bundle/Reader.h"
#include "rblnc/emulator/Machine.h"

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace rblnc::capi {

/// Never changes once it is made, so any number of threads may use it. Results share it with the handle.
struct Program {
  bundle::OpenBundle file;
  emulator::Machine machine;
  std::string digest;

  const bundle::Program &program() const { return *file->programs()->Get(0); }
  std::string_view kernel() const { return program().kernel()->string_view(); }
  std::string_view target() const { return file->targets()->Get(program().target())->name()->string_view(); }
};

/// Opens bytes, which are copied, and hands the bundle out. `bundle` is set only when that succeeds.
rblnc_status open(llvm::StringRef bytes, rblnc_bundle **bundle, Report &report);

} // namespace rblnc::capi

struct rblnc_bundle {
  std::shared_ptr<const rblnc::capi::Program> program;
  /// What became of the cache when it was compiled.
  bool isCached = false;
  std::string cacheFault = {};
};
