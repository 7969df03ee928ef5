// The files of one command: nothing that it writes replaces what it reads, or another of its results.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace rblnc::cli {

/// Files are the same when they are one file of the file system, under whatever names: other spellings of a path, links
/// and hard links. Devices such as /dev/null are never in each other's way; standard output takes one result.
class Files {
public:
  /// `what` stands in the messages: "the bundle", "the kernel".
  void read(const std::string &path, const std::string &what);
  /// What is wrong with writing there ("the trace would replace the bundle, 'k.rbln'"), or nothing.
  std::optional<std::string> write(const std::string &path, const std::string &what);

  /// Whether a result goes to standard output as "-": then nothing else may be printed there.
  bool usesStandardOutput() const { return isStandardOutputUsed; }

private:
  struct Known {
    std::string path;
    std::string what;
  };

  std::multimap<std::string, Known> known;
  bool isStandardOutputUsed = false;
};

} // namespace rblnc::cli
