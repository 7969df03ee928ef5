// Commands by their kind. Whoever has to do something for each kind gives a function for each of them and none for
// anything else, so that the compiler points at every place that a new kind has to be thought of. The kinds are those
// of the union CommandBody of bundle.fbs.
#pragma once

#include "rblnc/bundle/bundle_generated.h"

#include <utility>

namespace rblnc::bundle {

/// Several functions as one, chosen by the type of the argument. A visitor may also be a call of functions that are
/// overloaded by kind.
template <typename... Functions> struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions> Overloaded(Functions...) -> Overloaded<Functions...>;

/// What `visitor` gives for a command's body: `visitor(const Dma &)` and so on. `unknown()` is for a kind that there is
/// not; no command of a verified bundle has one.
template <typename Visitor, typename Unknown> auto visit(const Command &command, Visitor &&visitor, Unknown &&unknown) {
  switch (command.body_type()) {
#define RBLNC_COMMAND(Kind)                                                                                            \
  case CommandBody::Kind:                                                                                              \
    return visitor(*command.body_as_##Kind());
#include "rblnc/bundle/Commands.inc"
#undef RBLNC_COMMAND
  case CommandBody::NONE:
    break;
  }
  return unknown();
}

/// The same, with an empty result for an unknown kind.
template <typename Visitor> auto visit(const Command &command, Visitor &&visitor) {
  using Result = decltype(visitor(std::declval<const Dma &>()));
  return visit(command, std::forward<Visitor>(visitor), [] { return Result(); });
}

/// The same for a command that is being made; it has a body.
template <typename Visitor> auto visit(const CommandT &command, Visitor &&visitor) {
  using Result = decltype(visitor(std::declval<const DmaT &>()));
  switch (command.body.type) {
#define RBLNC_COMMAND(Kind)                                                                                            \
  case CommandBody::Kind:                                                                                              \
    return visitor(*command.body.As##Kind());
#include "rblnc/bundle/Commands.inc"
#undef RBLNC_COMMAND
  case CommandBody::NONE:
    break;
  }
  return Result();
}

} // namespace rblnc::bundle
