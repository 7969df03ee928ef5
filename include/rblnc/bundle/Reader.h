// Opens .rbln files. What comes out has been verified from the first byte to the last command.
#pragma once

#include "rblnc/bundle/Verify.h"
#include "rblnc/bundle/bundle_generated.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace rblnc::bundle {

/// A verified bundle and the memory that it lies in. Only openBundle makes one, so having one is the proof that every
/// check passed; the emulator takes nothing else.
class OpenBundle {
public:
  const Bundle &operator*() const { return *GetBundle(payload()); }
  const Bundle *operator->() const { return GetBundle(payload()); }
  /// The whole file, header included.
  llvm::StringRef file() const { return buffer->getBuffer(); }
  /// The file's digest in lower-case hex.
  std::string digest() const;

private:
  friend llvm::Expected<OpenBundle> openBundle(std::unique_ptr<llvm::MemoryBuffer>, const VerifyLimits &);
  explicit OpenBundle(std::unique_ptr<llvm::MemoryBuffer> buffer) : buffer(std::move(buffer)) {}
  const void *payload() const;

  std::unique_ptr<llvm::MemoryBuffer> buffer;
};

/// Maps a file and verifies it. Errors:
///   B001 it cannot be opened, or is no regular file    B005 the digest differs
///   B002 it is no bundle                               B006 the payload is no FlatBuffer of the schema
///   B003 it has another format version                 B020 to B035 the program breaks a rule (see Verify.h)
///   B004 it is shorter or longer than its header says
llvm::Expected<OpenBundle> openBundle(const std::string &path, const VerifyLimits &limits = {});

/// The same for bytes in memory; the buffer's name stands in the messages. The buffer must be aligned to 16 bytes, as
/// every llvm::MemoryBuffer that owns or maps its bytes is.
llvm::Expected<OpenBundle> openBundle(std::unique_ptr<llvm::MemoryBuffer> buffer, const VerifyLimits &limits = {});

} // namespace rblnc::bundle
