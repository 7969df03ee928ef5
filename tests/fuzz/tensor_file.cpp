// Any bytes as a tensor file. The first byte chooses the format.
#include "rblnc/support/TensorFile.h"

#include <cstdio>
#include <string>
#include <unistd.h>

using namespace rblnc;

template <typename T> static bool accept(llvm::Expected<T> result) {
  if (result)
    return true;
  llvm::consumeError(result.takeError());
  return false;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  // The readers take paths; a memory file system keeps the disk out of it.
  static const std::string path = "/dev/shm/rblnc-fuzz-" + std::to_string(getpid());
  FILE *file = std::fopen(path.c_str(), "wb");
  if (!file)
    return 0;
  std::fwrite(data + 1, 1, size - 1, file);
  std::fclose(file);
  switch (data[0] % 3) {
  case 0:
    accept(openNpy(path));
    break;
  case 1:
    accept(openNpz(path, "x"));
    break;
  default:
    accept(openSafetensors(path, "x"));
  }
  return 0;
}
