#include "rblnc/bundle/Ops.h"

#include <array>

namespace rblnc::bundle {
namespace {

constexpr OpInfo rows[] = {
    {Op::constant, "constant", 0, OpRule::Constant},
    {Op::index, "index", 0, OpRule::Index},
    {Op::addf, "addf", 2, OpRule::Float},
    {Op::subf, "subf", 2, OpRule::Float},
    {Op::mulf, "mulf", 2, OpRule::Float},
    {Op::divf, "divf", 2, OpRule::Float},
    {Op::remf, "remf", 2, OpRule::Float},
    {Op::negf, "negf", 1, OpRule::Float},
    {Op::absf, "absf", 1, OpRule::Float},
    {Op::ceil, "ceil", 1, OpRule::Float},
    {Op::floor, "floor", 1, OpRule::Float},
    {Op::cos, "cos", 1, OpRule::Float},
    {Op::sin, "sin", 1, OpRule::Float},
    {Op::erf, "erf", 1, OpRule::Float},
    {Op::exp, "exp", 1, OpRule::Float},
    {Op::exp2, "exp2", 1, OpRule::Float},
    {Op::log, "log", 1, OpRule::Float},
    {Op::log2, "log2", 1, OpRule::Float},
    {Op::sqrt, "sqrt", 1, OpRule::Float},
    {Op::rsqrt, "rsqrt", 1, OpRule::Float},
    {Op::fma, "fma", 3, OpRule::Float},
    {Op::maxnumf, "maxnumf", 2, OpRule::Float},
    {Op::minnumf, "minnumf", 2, OpRule::Float},
    {Op::maximumf, "maximumf", 2, OpRule::Float},
    {Op::minimumf, "minimumf", 2, OpRule::Float},
    {Op::tanh, "tanh", 1, OpRule::Float},
    {Op::addi, "addi", 2, OpRule::Int},
    {Op::subi, "subi", 2, OpRule::Int},
    {Op::muli, "muli", 2, OpRule::Int},
    {Op::divsi, "divsi", 2, OpRule::Int},
    {Op::divui, "divui", 2, OpRule::Int},
    {Op::remsi, "remsi", 2, OpRule::Int},
    {Op::remui, "remui", 2, OpRule::Int},
    {Op::andi, "andi", 2, OpRule::Int},
    {Op::ori, "ori", 2, OpRule::Int},
    {Op::xori, "xori", 2, OpRule::Int},
    {Op::shli, "shli", 2, OpRule::Int},
    {Op::shrsi, "shrsi", 2, OpRule::Int},
    {Op::shrui, "shrui", 2, OpRule::Int},
    {Op::maxsi, "maxsi", 2, OpRule::Int},
    {Op::maxui, "maxui", 2, OpRule::Int},
    {Op::minsi, "minsi", 2, OpRule::Int},
    {Op::minui, "minui", 2, OpRule::Int},
    {Op::mulhui, "mulhui", 2, OpRule::Int},
    {Op::absi, "absi", 1, OpRule::Int},
    {Op::cmpf, "cmpf", 2, OpRule::CompareFloat},
    {Op::cmpi, "cmpi", 2, OpRule::CompareInt},
    {Op::select, "select", 3, OpRule::Select},
    {Op::extf, "extf", 1, OpRule::ExtendFloat},
    {Op::truncf, "truncf", 1, OpRule::NarrowFloat},
    {Op::extsi, "extsi", 1, OpRule::ExtendInt},
    {Op::extui, "extui", 1, OpRule::ExtendInt},
    {Op::trunci, "trunci", 1, OpRule::NarrowInt},
    {Op::sitofp, "sitofp", 1, OpRule::IntToFloat},
    {Op::uitofp, "uitofp", 1, OpRule::IntToFloat},
    {Op::fptosi, "fptosi", 1, OpRule::FloatToInt},
    {Op::fptoui, "fptoui", 1, OpRule::FloatToInt},
    {Op::bitcast, "bitcast", 1, OpRule::Bitcast},
};

constexpr bool areRowsInOrder() {
  for (size_t i = 0; i < std::size(rows); ++i)
    if (static_cast<size_t>(rows[i].op) != i)
      return false;
  return std::size(rows) == static_cast<size_t>(Op::MAX) + 1;
}
static_assert(areRowsInOrder(), "every operation has its row, in the order of the schema");

} // namespace

const OpInfo *infoOf(Op op) {
  auto number = static_cast<size_t>(op);
  return number < std::size(rows) ? &rows[number] : nullptr;
}

std::span<const OpInfo> allOps() { return rows; }

bool canReduce(Op op, DType dtype) {
  switch (op) {
  case Op::addf:
  case Op::mulf:
  case Op::maxnumf:
  case Op::minnumf:
  case Op::maximumf:
  case Op::minimumf:
    return isFloat(dtype);
  case Op::addi:
  case Op::muli:
  case Op::maxsi:
  case Op::maxui:
  case Op::minsi:
  case Op::minui:
  case Op::andi:
  case Op::ori:
  case Op::xori:
    return isInt(dtype);
  default:
    return false;
  }
}

std::string_view nameOf(DType dtype) {
  constexpr std::string_view names[] = {"i1", "i8", "i16", "i32", "i64", "f16", "bf16", "f32"};
  auto number = static_cast<size_t>(dtype);
  return number < std::size(names) ? names[number] : "unknown dtype";
}

} // namespace rblnc::bundle
