// JSON that somebody else wrote.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace rblnc {

/// Parses JSON whose lists and objects are nested at most `maxDepth` deep. LLVM's parser recurses without a limit, so
/// what is deeper is refused before it. The error is a plain one without a code: "[3:7, byte=20]: Expected ':' after
/// object key", or "it is nested more than 8 deep".
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text, unsigned maxDepth);

} // namespace rblnc
