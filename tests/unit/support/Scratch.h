// Test data, and a folder of scratch files that goes away with the test.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

namespace rblnc::test {

inline std::string dataFile(const std::string &name) { return RBLNC_SOURCE_DIR "/tests/unit/support/data/" + name; }

class Scratch {
public:
  Scratch() {
    std::string path = (std::filesystem::temp_directory_path() / "rblnc-unit-XXXXXX").string();
    if (::mkdtemp(path.data()))
      folder = path;
  }
  ~Scratch() { std::filesystem::remove_all(folder); }
  std::string path(const std::string &name) const { return (folder / name).string(); }
  std::string write(const std::string &name, const std::string &bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  size_t fileCount() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }

private:
  std::filesystem::path folder;
};

inline std::string readAll(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace rblnc::test
