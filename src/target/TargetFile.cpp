// A user's own chip: descriptions as files, and the writing of them.
#include "Figures.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/File.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc {

llvm::Expected<Target> readTargetFile(const std::string &path) {
  auto fail = [&](llvm::Error error) {
    return makeError(Code::I001, "the target description cannot be read: " + toDiagnostic(std::move(error)).message,
                     "`rblnc targets rbln-ca22 --json` prints one to start from");
  };
  auto file = ByteSource::open(path);
  if (!file)
    return fail(file.takeError());
  // parseTarget refuses anything larger; this keeps it from being read.
  constexpr uint64_t most = (1 << 20) + 1;
  auto text = file->readString(0, static_cast<size_t>(std::min(file->size(), most)));
  if (!text)
    return fail(text.takeError());
  return parseTarget(*text, path);
}

void writeTarget(llvm::json::OStream &json, const Target &target) {
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("name", target.name);
    json.attribute("product", target.product);
    json.attributeObject("figures", [&] {
      for (const TargetFigure &figure : target.figures)
        json.attributeObject(figure.key, [&] {
          // A number, but for the one figure that is a dtype's name.
          double number = 0;
          json.attributeBegin("value");
          if (llvm::to_float(figure.value, number))
            json.rawValue(figure.value);
          else
            json.value(figure.value);
          json.attributeEnd();
          json.attribute("source", figure.source);
        });
    });
  });
}

} // namespace rblnc
