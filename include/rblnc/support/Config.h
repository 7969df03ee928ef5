// Configuration files, TOML or JSON, as one tree whose nodes know their line, so that a mistake in a value can be
// reported where it stands.
#pragma once

#include "rblnc/support/Diagnostic.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rblnc {

struct ConfigEntry;

struct ConfigNode {
  enum Kind : uint8_t { String, Integer, Float, Boolean, List, Table };

  Kind kind = Table;
  std::string text; ///< of a string
  int64_t integer = 0;
  double number = 0; ///< of a float, and of an integer too
  bool flag = false;
  std::vector<ConfigNode> items;
  std::vector<ConfigEntry> entries; ///< in the order of the file for JSON, of names for TOML
  /// Where it stands, 1-based; 0 where that is not known (JSON).
  uint32_t line = 0, column = 0;

  const ConfigNode *find(std::string_view key) const;
  /// "a string", "a list": for messages.
  std::string_view kindName() const;
  /// A scalar as text: what --bind takes; empty for lists and tables.
  std::string scalarText() const;
};

/// A key of a table and its value.
struct ConfigEntry {
  std::string key;
  ConfigNode value;
};

/// Reads a file: JSON when its name ends in .json, else TOML. Error I001 when it cannot be read, I052 with the line
/// when it is not well formed.
llvm::Expected<ConfigNode> readConfig(const std::string &path);
llvm::Expected<ConfigNode> parseConfig(llvm::StringRef text, const std::string &path);

/// Error I052 at a node of the file.
llvm::Error configError(const std::string &path, const ConfigNode &node, std::string message, std::string fix = {});

} // namespace rblnc
