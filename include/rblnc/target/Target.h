// Descriptions of the chips: what the planner plans for and what the emulator's timing model calculates with.
//
// The figures of the known chips are data files, src/target/chips/*.json; each figure carries where it comes from, or
// says that it is assumed.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace llvm::json {
class OStream;
} // namespace llvm::json

namespace rblnc {

/// What f32 values are rounded to under device numerics.
enum class ComputeDType : uint8_t { dlf16, bf16 };
llvm::StringRef nameOf(ComputeDType dtype);
/// The type of that name; nothing when there is none.
std::optional<ComputeDType> computeDTypeOf(llvm::StringRef name);

/// One figure as its file gives it.
struct TargetFigure {
  /// The name of the Target field; it ends in the unit.
  std::string key;
  /// The value as text: a number, or the name of a dtype.
  std::string value;
  /// Where the figure comes from: a source, or "assumed: …" for what is not public.
  std::string source;
};

struct Target {
  /// "rbln-ca22".
  std::string name;
  /// "ATOM+".
  std::string product;

  // The figures: their units and limits stand in the table.
#define RBLNC_FIGURE(type, field, key, least, greatest) type field = 0;
#define RBLNC_LATER_FIGURE(type, field, key, least, greatest, otherwise) type field = otherwise;
#define RBLNC_DTYPE_FIGURE(field, key) ComputeDType field = ComputeDType::dlf16;
#include "rblnc/target/Figures.def"

  /// All figures with their sources, in the order of the table.
  std::vector<TargetFigure> figures;
};

/// The chip that is compiled for when none is named.
inline constexpr llvm::StringRef defaultTargetName = "rbln-ca22";

/// The known chips, sorted by name.
std::span<const Target> allTargets();

/// Error I050 (with the known names) when there is no such chip.
llvm::Expected<const Target *> findTarget(llvm::StringRef name);

/// The lines of these chips, the longest first, each once: whatever is done for several chips at once takes all into
/// account. Those of the default chip where there is none.
std::vector<int64_t> lineElementsOf(std::span<const Target> targets);

/// Reads a description as in src/target/chips. Every figure must be there (but for later ones, see Figures.def), with a
/// value in its range and a source. Error I051 names the figure; `origin` (a file name) stands in the message.
llvm::Expected<Target> parseTarget(llvm::StringRef json, llvm::StringRef origin);

/// The same from a file: a user's own chip. Error I001 when it cannot be read.
llvm::Expected<Target> readTargetFile(const std::string &path);

/// Writes a description that parseTarget reads as the same target.
void writeTarget(llvm::json::OStream &json, const Target &target);

} // namespace rblnc
