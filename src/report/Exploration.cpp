#include "rblnc/report/Exploration.h"

#include "Template.h"

namespace rblnc::report {

using llvm::json::Array;
using llvm::json::fixUTF8;
using llvm::json::Object;

std::string explorationPage(const Exploration &exploration) {
  Array steps;
  for (const ExploredStep &step : exploration.steps)
    steps.push_back(Object{{"name", fixUTF8(step.name)},
                           {"part_of", fixUTF8(step.partOf)},
                           {"target", fixUTF8(step.target)},
                           {"milliseconds", step.milliseconds},
                           {"operations", step.operations},
                           {"done", step.done},
                           {"count", step.count},
                           {"counts", step.counts},
                           {"ir", fixUTF8(step.ir)}});
  Object sources;
  for (const auto &[file, text] : exploration.sources)
    sources[fixUTF8(file)] = fixUTF8(text);
  return fillTemplate("explore.html", Object{{"input", fixUTF8(exploration.input)},
                                             {"steps", std::move(steps)},
                                             {"diagnostics", diagnosticsJson(exploration.diagnostics)},
                                             {"sources", std::move(sources)}});
}

} // namespace rblnc::report
