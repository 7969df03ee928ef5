// From the bundle's signature and the command line's NAME=… options to parameters.
#include "Signature.h"

#include "rblnc/support/Error.h"
#include "rblnc/support/Spelling.h"
#include "terminal/Output.h"

#include <fmt/format.h>

namespace rblnc::cli {
namespace {

// The first eight dtypes are numbered alike; Parameter's is wider because files hold more.
static_assert(static_cast<int>(DType::i1) == static_cast<int>(bundle::DType::i1));
static_assert(static_cast<int>(DType::i64) == static_cast<int>(bundle::DType::i64));
static_assert(static_cast<int>(DType::bf16) == static_cast<int>(bundle::DType::bf16));
static_assert(static_cast<int>(DType::f32) == static_cast<int>(bundle::DType::f32));

} // namespace

std::vector<Parameter> parametersOf(const bundle::Bundle &bundle) {
  std::vector<Parameter> parameters;
  if (!bundle.signature())
    return parameters;
  for (const bundle::Argument *argument : *bundle.signature()) {
    Parameter parameter;
    parameter.name = argument->name()->str();
    parameter.dtype = static_cast<DType>(argument->dtype());
    parameter.isScalar = argument->kind() == bundle::ArgumentKind::scalar;
    parameter.hasShape = argument->has_shape();
    if (parameter.hasShape && argument->shape())
      parameter.shape.assign(argument->shape()->begin(), argument->shape()->end());
    parameter.extent = argument->extent();
    parameter.isRead = argument->direction() != bundle::Direction::out;
    parameter.isWritten = argument->direction() != bundle::Direction::in;
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::map<size_t, std::string> assign(const std::string &option, const std::vector<std::string> &texts,
                                     const std::vector<Parameter> &parameters, Diagnostics &diagnostics) {
  std::map<size_t, std::string> result;
  std::vector<std::string_view> names;
  for (const Parameter &parameter : parameters)
    names.push_back(parameter.name);
  for (const std::string &text : texts) {
    auto assignment = parseAssignment(option, text);
    if (!assignment) {
      diagnostics.report(toDiagnostic(assignment.takeError()));
      continue;
    }
    auto found = std::find(names.begin(), names.end(), assignment->name);
    if (found == names.end()) {
      std::string list = names.empty() ? "it has none" : fmt::format("there are {}", fmt::join(names, ", "));
      diagnostics.report(
          Code::R001,
          fmt::format("the kernel has no argument '{}'{}", assignment->name, didYouMean(assignment->name, names)), {},
          list);
      continue;
    }
    if (!result.emplace(static_cast<size_t>(found - names.begin()), std::move(assignment->value)).second)
      diagnostics.report(Code::R002, fmt::format("{} is given twice for '{}'", option, assignment->name));
  }
  return result;
}

} // namespace rblnc::cli
