#include "Lines.h"

#include "rblnc/triton/Location.h"

namespace rblnc::codegen {

LineTable::LineTable() {
  lines.push_back(std::make_unique<bundle::LineT>());
  byText[""] = 0;
}

uint32_t LineTable::indexOf(mlir::Location location) {
  auto [found, isNew] = byLocation.try_emplace(location, 0);
  if (!isNew)
    return found->second;
  std::vector<SourceFrame> frames = framesOf(location);
  std::string text;
  for (const SourceFrame &frame : frames)
    text += frame.str() + '\n';
  auto [place, isNewPlace] = byText.try_emplace(text, static_cast<uint32_t>(lines.size()));
  if (isNewPlace) {
    auto line = std::make_unique<bundle::LineT>();
    for (const SourceFrame &frame : frames) {
      line->frames.push_back(std::make_unique<bundle::FrameT>());
      bundle::FrameT &encoded = *line->frames.back();
      encoded.file = frame.file;
      encoded.line = frame.line;
      encoded.column = frame.column;
      encoded.name = frame.name;
    }
    lines.push_back(std::move(line));
  }
  return byLocation[location] = place->second;
}

} // namespace rblnc::codegen
