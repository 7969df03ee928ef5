#include "HostLayout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <fmt/format.h>

namespace rblnc::driver {

static constexpr const char *howToWrite = "write positions of arguments as 1:2:3, each once, counted from 0";

std::optional<HostLayout> parseHostLayout(llvm::StringRef text, Diagnostics &diagnostics) {
  HostLayout layout;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ':');
  for (llvm::StringRef part : parts) {
    size_t position = 0;
    if (part.find_first_not_of("0123456789") != llvm::StringRef::npos || part.getAsInteger(10, position)) {
      diagnostics.report(Code::I014, fmt::format("--host-layout has '{}' for a position", part.str()), {}, howToWrite);
      return std::nullopt;
    }
    if (llvm::is_contained(layout, position)) {
      diagnostics.report(Code::I014, fmt::format("--host-layout names position {} twice", position), {}, howToWrite);
      return std::nullopt;
    }
    layout.push_back(position);
  }
  return layout;
}

/// What positions count: every argument but the result, or every one, when only so each position names an array.
static std::vector<bundle::ArgumentT *> countedBy(const HostLayout &layout, const bundle::BundleT &bundle) {
  std::vector<bundle::ArgumentT *> all;
  for (auto &argument : bundle.signature)
    all.push_back(argument.get());
  std::vector<bundle::ArgumentT *> counted = all;
  for (size_t i = all.size(); i-- > 0;)
    if (all[i]->direction == bundle::Direction::out) {
      counted.erase(counted.begin() + i);
      break;
    }
  auto namesArrays = [&](const std::vector<bundle::ArgumentT *> &arguments) {
    return llvm::all_of(layout, [&](size_t position) {
      return position < arguments.size() && arguments[position]->kind == bundle::ArgumentKind::tensor;
    });
  };
  return !namesArrays(counted) && namesArrays(all) ? all : counted;
}

bool applyHostLayout(const HostLayout &layout, bundle::BundleT &bundle, Diagnostics &diagnostics) {
  std::vector<bundle::ArgumentT *> counted = countedBy(layout, bundle);
  for (size_t position : layout) {
    if (position >= counted.size()) {
      std::string names;
      for (auto [index, argument] : llvm::enumerate(counted))
        names += fmt::format("{}{} is {}", index ? ", " : "", index, argument->name);
      diagnostics.report(
          Code::I014,
          fmt::format("--host-layout names position {}, and the kernel has {} arguments without its result", position,
                      counted.size()),
          {}, names.empty() ? "leave it out" : names);
      return false;
    }
    counted[position]->layout = bundle::ArgumentLayout::host;
  }
  return true;
}

} // namespace rblnc::driver
