// One tensor in a .npy, .npz or .safetensors file: its type first, its data when it is wanted.
#pragma once

#include "rblnc/support/Tensor.h"

#include "llvm/Support/Error.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rblnc {

class TensorFile {
public:
  /// Opens "x.npy", "x.npz:member" or "x.safetensors:tensor" and reads what it says about the tensor, not the data.
  /// Errors R004 (no such file), R005 (malformed), R006 (no such tensor in it) and R007 (a dtype without a name here).
  static llvm::Expected<TensorFile> open(const std::string &spec);
  /// True when `spec` ends as a tensor file does (".npy", ".npz", ".npz:member", ...), whether it exists or not.
  static bool isTensorFile(std::string_view spec);
  /// The file's path in a spec that names one: without the member or tensor.
  static std::string pathOf(std::string_view spec);

  DType dtype = DType::f32;
  std::vector<int64_t> shape;

  /// Reads the data. Errors R004, R005 and R013 (no memory).
  llvm::Expected<Tensor> load() const { return loader(); }

private:
  friend llvm::Expected<TensorFile> openNpy(const std::string &path);
  friend llvm::Expected<TensorFile> openNpz(const std::string &path, const std::string &member);
  friend llvm::Expected<TensorFile> openSafetensors(const std::string &path, const std::string &name);

  std::function<llvm::Expected<Tensor>()> loader;
};

/// The three formats. Without the name of a member or tensor it is the only one of the file; error R006, which lists
/// the names, when there are several.
llvm::Expected<TensorFile> openNpy(const std::string &path);
llvm::Expected<TensorFile> openNpz(const std::string &path, const std::string &member);
llvm::Expected<TensorFile> openSafetensors(const std::string &path, const std::string &name);

/// Error R006: the file has no tensor of that name, or several when the name is empty. `kind` is what the format calls
/// one.
llvm::Error noSuchTensor(const std::string &path, const std::string &name, const std::string &kind,
                         const std::vector<std::string> &names);

/// "a, b, c and 4 more", for messages that list what there is.
std::string formatNames(const std::vector<std::string> &names, size_t most = 8);

} // namespace rblnc
